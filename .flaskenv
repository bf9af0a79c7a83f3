# Read by the flask command in this folder, so that it needs no `--app wsgi`.
FLASK_APP=wsgi
