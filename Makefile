# Two commands for newcomers: `make run` and `make test`. Both do all the set-up they need and ask nothing.
VENV := .venv
PY := $(VENV)/bin/python
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# The tests start many processes: each would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-night quick check bench screenshots room-map fonts paper-fonts setup setup-for-tests catalogues lock translations rewordings clean

run: $(VENV)/.run catalogues
	@$(PY) deploy/run_local.py

test: $(VENV)/.test catalogues
	@$(PY) -m pytest -n auto --dist worksteal $(PYTEST_ARGS)

# Every case on both databases, any input 20,000 times, and the benchmarks once: for a night (docs/testing.md).
test-night: $(VENV)/.test catalogues
	@NIGHT=1 $(PY) -m pytest -n auto --dist worksteal $(PYTEST_ARGS)

# While one works in a room: its tests on one database, its style, and what it imports. `make quick ROOM=signing`
quick: $(VENV)/.test catalogues
	@test -d "campaign/$(ROOM)" -a -d "tests/$(ROOM)" -a -n "$(ROOM)" || { echo "Name a room that has tests: make quick ROOM=signing"; exit 2; }
	@$(VENV)/bin/ruff check campaign/$(ROOM) tests/$(ROOM) && $(VENV)/bin/ruff format --check -q campaign/$(ROOM) tests/$(ROOM)
	@$(VENV)/bin/lint-imports --no-logo
	@QUICK=1 $(PY) -m pytest -n auto --dist worksteal tests/$(ROOM) $(PYTEST_ARGS)

check: $(VENV)/.test catalogues
	@$(PY) deploy/check.py

bench: $(VENV)/.test catalogues
	@$(PY) benchmarks/run.py $(BENCH_ARGS)

# Every screen, narrow and wide, light and dark, into screenshots/.
screenshots: $(VENV)/.test catalogues
	@$(PY) -m deploy.screenshots $(SCREENS)

# The picture of the rooms in docs/architecture.md, from the imports of the code.
room-map: $(VENV)/.test
	@$(PY) -m deploy.room_map

# Fetch the original fonts into a folder that is gone afterwards, cut them, and write their rules into static/css/base.css.
fonts: $(VENV)/.test
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	$(VENV)/bin/pip download -qq --no-deps -d "$$folder" fontpkg-source-serif-4==4.4 fontpkg-source-sans-3==3.52 && $(PY) deploy/fonts.py "$$folder"

# The same for the fonts of papers, which are cut from Debian's packages.
paper-fonts: $(VENV)/.test
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	(cd "$$folder" && apt-get download -qq fonts-noto-core=20201225-1 fonts-noto-cjk=1:20220127+repack1-1) && $(PY) -m deploy.paper_fonts "$$folder"

setup: $(VENV)/.run catalogues

setup-for-tests: $(VENV)/.test catalogues

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
