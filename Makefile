# Jibao 急报. A machine needs only Python 3.11 or later and make: everything else is set up here, once.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run demo test lint fix bench torture attack requirements clean

VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
COMPILE := $(BIN)/uv pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
	--no-header --quiet --upgrade --extra build pyproject.toml
FOLDERS := schemas rules runtime storage producers consumers jibao bench tests

# Where `make run` keeps its data, and the port of its pages (the program chooses when it is not given).
DATA ?= data
PORT ?=
# Which Python makes the virtual environment; the first that is new enough when it is not given.
PYTHON ?=

help:  ## print the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "  make run DATA=DIR PORT=N   keep the data in DIR (default: data), serve the pages on port N"
	@echo "  make test PYTHON=python3.13   use this Python (when $(VENV) is made)"

run: $(VENV)/ready  ## start everything on this machine; Ctrl-C stops it
	@exec $(BIN)/jibao up --data "$(DATA)" $(if $(PORT),--port "$(PORT)")

demo: $(VENV)/ready  ## play three incidents on a fast clock
	@exec $(BIN)/jibao demo

test: lint  ## run the static checks, then all tests, on real NATS and PostgreSQL
	$(BIN)/pytest -n 3 --dist worksteal $(ARGS)

lint: $(VENV)/ready-dev  ## check style, types and the import contract
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(VENV)/ready-dev  ## mend what `make lint` can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/ready  ## measure, each figure beside its floor
	@exec $(BIN)/jibao bench $(ARGS)

torture: $(VENV)/ready-dev  ## run only the tests that kill processes in the middle of their work
	$(BIN)/pytest -m torture $(ARGS)

attack: $(VENV)/ready-dev  ## run the attacks in their long form (bounded: at most ten minutes)
	JIBAO_ATTACK=long $(BIN)/pytest -m attack -n 2 --dist worksteal $(ARGS)

requirements: $(VENV)/ready  ## pin the newest allowed dependencies again, with their hashes
	$(INSTALL) uv
	$(COMPILE) --output-file requirements.txt
	$(COMPILE) --extra dev --constraint requirements.txt --output-file requirements-dev.txt

clean:  ## remove the virtual environment and caches; never data
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find $(FOLDERS) -name __pycache__ -type d -prune -exec rm -rf {} +

# What stands in the virtual environment, as stamps: a second run sees that nothing changed and starts at once.

$(VENV)/ready: requirements.txt pyproject.toml $(BIN)/python
	@echo "Installing what Jibao needs into $(VENV) (once; about a minute) ..."
	@$(INSTALL) --require-hashes -r requirements.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/ready-dev: requirements-dev.txt $(VENV)/ready
	@echo "Installing what its tests need into $(VENV) (once) ..."
	@$(INSTALL) --require-hashes -r requirements-dev.txt
	@touch $@

$(BIN)/python:
	@for python in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11); do \
		command -v "$$python" >/dev/null || continue; \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || continue; \
		"$$python" -c 'import ensurepip' 2>/dev/null || { \
			version=$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
			echo "$$python has no ensurepip. On Debian or Ubuntu: apt-get install python$$version-venv" >&2; \
			exit 1; \
		}; \
		rm -rf $(VENV); \
		"$$python" -m venv $(VENV) && exit 0; \
		rm -rf $(VENV); exit 1; \
	done; \
	echo "Jibao needs Python 3.11 or later; name it with make PYTHON=/path/to/python3" >&2; exit 1
