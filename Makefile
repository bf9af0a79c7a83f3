# Two commands for newcomers: `make run` and `make test`. Both do all the set-up they need and ask nothing.
VENV := .venv
PY := $(VENV)/bin/python
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test check check-deep bench screenshots fonts setup catalogues lock translations rewordings clean

run: $(VENV)/.run catalogues
	@$(PY) deploy/run_local.py

test: $(VENV)/.test catalogues
	@$(PY) -m pytest -n auto --dist worksteal $(PYTEST_ARGS)

check: $(VENV)/.test catalogues
	@$(PY) deploy/check.py

# The tests of any input with 20,000 examples each, in place of 500: for a night.
check-deep: $(VENV)/.test catalogues
	@EXAMPLES=20000 EVERY_CASE=1 $(PY) -m pytest -n auto --dist worksteal tests/security -k "any" $(PYTEST_ARGS)

bench: $(VENV)/.test catalogues
	@$(PY) benchmarks/run.py $(BENCH_ARGS)

# Every screen, narrow and wide, light and dark, into screenshots/.
screenshots: $(VENV)/.test catalogues
	@$(PY) -m deploy.screenshots $(SCREENS)

# Fetch the original fonts into a folder that is gone afterwards, cut them, and write their rules into static/css/base.css.
fonts: $(VENV)/.test
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	$(VENV)/bin/pip download -qq --no-deps -d "$$folder" fontpkg-source-serif-4==4.4 fontpkg-source-sans-3==3.52 && $(PY) deploy/fonts.py "$$folder"

setup: $(VENV)/.run catalogues

# Compiled catalogues are made, not kept: each from its .po file.
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard campaign/translations/*/LC_MESSAGES/messages.po))
catalogues: $(VENV)/.run $(CATALOGUES)
%.mo: %.po
	@$(VENV)/bin/pybabel -q compile -i $< -o $@

# Collect the strings anew and bring the catalogues up to date; then translate what is new.
translations: $(VENV)/.run
	$(VENV)/bin/pybabel -q extract -F deploy/babel.cfg -k _l -k lazy_gettext --omit-header --no-location --sort-output -o campaign/translations/messages.pot .
	$(VENV)/bin/pybabel -q update -i campaign/translations/messages.pot -d campaign/translations --no-fuzzy-matching --ignore-pot-creation-date

# Sentences that changed in English keep their translations: without PAIRS a draft of the pairs is printed, with it they are carried over
# (docs/translating.md). IN_SOURCE=1 changes code and templates too.
rewordings: $(VENV)/.test
	@$(PY) deploy/rewordings.py $(PAIRS) $(if $(IN_SOURCE),--in-source)

# requirements.txt and tests/requirements.txt are made from pyproject.toml, with hashes and without addresses of an index.
lock: $(VENV)/.test
	$(VENV)/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" -q -o requirements.txt
	$(VENV)/bin/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" -q -o tests/requirements.txt

$(VENV)/.run: requirements.txt
	@echo "Setting up (once): virtual environment and packages …"
	@python3 -m venv $(VENV)
	@$(VENV)/bin/pip install -qq --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.test: tests/requirements.txt $(VENV)/.run
	@echo "Setting up (once): packages for tests and checks …"
	@$(VENV)/bin/pip install -qq --require-hashes -r tests/requirements.txt
	@touch $@

clean:
	rm -rf $(VENV) instance .pytest_cache .mypy_cache .ruff_cache .hypothesis
