# Two commands matter: `make report` and `make test`. Everything lives in .venv; nothing outside this folder
# is touched, but for the browser that `make test` asks the system's package manager for.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.PHONY: install report test test-full bench lint lock locks golden clean browser
.DEFAULT_GOAL := report

VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal
PYTHON ?= $(shell for p in python3.12 python3.11 python3.13 python3; do \
	"$$p" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	>/dev/null 2>&1 && { echo "$$p"; break; }; done)

install: $(VENV)/.runtime

# ARGS are further options: make report ARGS='--label 1.1 --baseline 1.0'
report: $(VENV)/.runtime
	$(BIN)/python -m reportgen specs/ $(ARGS)

test: $(VENV)/.dev browser
	$(PYTEST) -m "not full"

test-full: $(VENV)/.dev browser
	$(PYTEST)

bench: $(VENV)/.dev
	$(BIN)/python benchmarks/run.py

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

golden: $(VENV)/.dev
	$(BIN)/python -m tests.update_golden

# Universal (every platform and Python that the project names), hashed, and bound to no particular index.
LOCKING := pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet \
	--no-emit-index-url --no-emit-find-links --fork-strategy fewest
lock: $(VENV)/.dev
	$(BIN)/uv $(LOCKING) --upgrade pyproject.toml --group build -o requirements.lock
	$(BIN)/uv $(LOCKING) --upgrade pyproject.toml --group build --extra dev -c requirements.lock -o requirements-dev.lock
	echo uv | $(BIN)/uv $(LOCKING) --upgrade - -o requirements-bootstrap.lock

# The releases of ten years, each with what it needs (reportgen/catalogue/locks); wants their Pythons.
locks: $(VENV)/.dev
	$(BIN)/python -m reportgen environments --lock

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

# -- environment: redone only when a lock changes ---------------------------------------------------------------
$(VENV)/.made: requirements-bootstrap.lock
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 to 3.13 with its venv module was found" \
	  "(Debian: apt-get install python3-venv); name one with PYTHON=..." >&2; exit 2; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "make: $(PYTHON) is older than Python 3.11" >&2; exit 2; }
	"$(PYTHON)" -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
	  -r requirements-bootstrap.lock || echo "make: uv could not be installed; pip does the rest, more slowly"
	@touch $@

# uv where it works, pip where it does not (an index configured for pip only, for instance).
define install
	@{ test -x $(BIN)/uv && $(BIN)/uv pip install --python $(BIN)/python --quiet --compile-bytecode --require-hashes -r $(1); } \
	  || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
endef

$(VENV)/.runtime: requirements.lock pyproject.toml $(VENV)/.made
	$(call install,requirements.lock)

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	$(call install,requirements-dev.lock)

# -- the browser that reads the finished pages ------------------------------------------------------------------
BROWSERS := chromium chromium-browser google-chrome google-chrome-stable
browser:
	@for b in $(BROWSERS); do command -v $$b >/dev/null && exit 0; done; \
	as=; [ "$$(id -u)" = 0 ] || { command -v sudo >/dev/null && as="sudo -n"; }; \
	log=$(VENV)/browser.log; \
	echo "make: no Chromium found; asking the system's package manager for one"; \
	if command -v apt-get >/dev/null; then \
	  { $$as apt-get update && $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium; }; \
	elif command -v dnf >/dev/null; then $$as dnf install -y chromium; \
	elif command -v apk >/dev/null; then $$as apk add chromium; \
	elif command -v pacman >/dev/null; then $$as pacman -Sy --noconfirm chromium; \
	else echo "no known package manager"; false; fi >$$log 2>&1 \
	|| echo "make: no browser could be installed (see $$log): the browser tests will fail until one of" \
	  "$(BROWSERS) is there"
