"""Measuring the site: `make bench`. Nothing here is part of what is served."""
