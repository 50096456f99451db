# Every target brings along what it needs: a virtual environment in .venv, filled from the locks. Nothing is asked.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv --quiet
# On a terminal uv shows what it downloads; elsewhere a line at the start and one at the end are enough.
UV_SEEN = $(BIN)/uv $$([ -t 2 ] || echo --quiet)
STAMPS := .venv/stamps
RUNTIME := $(STAMPS)/runtime
DEV := $(STAMPS)/dev
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
# Behind a proxy that opens TLS, only the system knows its certificate.
export UV_SYSTEM_CERTS := 1

define NODE_BIN
from ytempire.kit.settings import read_settings; from ytempire.local.n8n.install import install; \
print(install(read_settings().n8n_dir, lambda _: None).node.parent)
endef

.PHONY: help demo demo-all test test-n8n simulate check chaos fuzz nodes docs lock format clean

help: ## this list
	@awk -F ':.*## ' '/^[a-zA-Z0-9%-]+:.*## / {sub("%", "NAME", $$1); printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(RUNTIME) ## make one video with stand-ins for every vendor: no key, no account
	@$(BIN)/ytempire demo $(ARGS)

demo-all: $(RUNTIME) ## the same on all five demo channels
	@$(BIN)/ytempire demo --all $(ARGS)

test: $(DEV) ## run all tests side by side; ARGS="-k NAME -n0": some of them, in one process
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder --durations=5 $(ARGS)

test-n8n: $(DEV) ## the nodes, and the tests that need n8n; installs it once into YTEMPIRE_N8N_DIR: 3 GB, some minutes
	@$(BIN)/ytempire n8n install
	@PATH="$$($(BIN)/python -c '$(NODE_BIN)'):$$PATH" $(MAKE) --no-print-directory nodes
	@$(BIN)/python -m pytest -m n8n -s tests/n8n $(ARGS)

simulate: $(RUNTIME) ## months of the platform in minutes: 84 days, 50 users, 5 % faults (docs/how-to/simulate.md)
	@$(BIN)/ytempire simulate $(ARGS)

check: $(DEV) ## formatting, types, imports, dependencies, dead code, the house's rules
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/lint-imports --no-logo > $(STAMPS)/imports.log || { cat $(STAMPS)/imports.log; exit 1; }
	@$(BIN)/deptry . 2> $(STAMPS)/deptry.log || { cat $(STAMPS)/deptry.log; exit 1; }
	@$(BIN)/vulture
	@# less certain finds are noise for fields and attributes, and telling for whole functions and classes
	@! { $(BIN)/vulture --min-confidence 60 || true; } | grep -vE 'unused (variable|attribute|import)|^(tests|bench)/'
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -p no:hypothesispytest tests/house $(ARGS)

chaos: $(DEV) ## the campaigns of which every test run takes a sample: 200 kills of the real worker, 50,000 holds
	@$(BIN)/python -m pytest -m campaign $(ARGS)
	@$(BIN)/python -m pytest -s tests/stories/test_kill.py --kills 200 $(ARGS)

fuzz: $(DEV) ## every operation of the API under schemathesis: at least 10,000 cases, some minutes
	@$(BIN)/python -m tests.web.fuzz $(ARGS)

nodes: n8n/nodes/node_modules/.stamp ## lint, build and test the package of n8n nodes; needs Node 20 or newer
	@cd n8n/nodes && rm -rf dist build && npm run -s build && npm run -s lint && npm run -s test && npm run -s contents

bench-%: $(DEV) ## run bench/NAME.py; its last line is one JSON object
	@[ -f bench/$*.py ] || { echo "there is no bench/$*.py; there are: $$(cd bench && echo *.py)" >&2; exit 2; }
	@$(BIN)/python bench/$*.py $(ARGS)

docs: $(DEV) ## write the reference pages that are made from the code
	@mkdir -p docs/reference
	@$(BIN)/python -m ytempire.kit.settings_page docs/reference/settings.md
	@$(BIN)/python -m ytempire.web.api_page docs/reference/api.md
	@$(BIN)/python -m ytempire.web.errors_page docs/reference/errors.md
	@$(BIN)/python -m ytempire.kit.metrics_page docs/reference/metrics.md
	@$(BIN)/python -m ytempire.events.page docs/reference/events.md

format: $(DEV) ## let ruff format and mend
	@$(BIN)/ruff check --quiet --fix-only . && $(BIN)/ruff format --quiet .

# Two weeks' cool-down: a hijacked release is mostly found within days.
lock: $(STAMPS)/uv ## resolve all dependencies anew
	@until=$$($(PYTHON) -c 'import datetime as d; print(d.date.today() - d.timedelta(weeks=2))'); \
	compile="$(UV) pip compile --upgrade --universal --generate-hashes --exclude-newer $$until --no-emit-index-url"; \
	$$compile --group build pyproject.toml -o requirements.lock > /dev/null; \
	$$compile --group dev pyproject.toml -o requirements-dev.lock > /dev/null; \
	echo uv | $$compile - -o requirements-uv.lock > /dev/null; \
	echo "locked as of $$until"

clean: ## remove the virtual environment and all caches (not the state of an installation)
	@rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache .hypothesis .pytest_cache dist
	@rm -rf n8n/nodes/node_modules n8n/nodes/dist n8n/nodes/build
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

n8n/nodes/node_modules/.stamp: n8n/nodes/package.json n8n/nodes/package-lock.json
	@command -v node npm > /dev/null || { echo "no node and npm found: install Node 20 or newer" >&2; exit 1; }
	@node -e 'process.exit(+(process.versions.node.split(".")[0] < 20))' || { \
	  echo "node is $$(node -v); the nodes need 20 or newer" >&2; exit 1; }
	@echo "installing the nodes' development packages into n8n/nodes/node_modules (194 MB)"
	@cd n8n/nodes && npm ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@

.venv/pyvenv.cfg:
	@command -v $(PYTHON) > /dev/null || { echo "no $(PYTHON) found: install Python 3.11 or newer" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(PYTHON) is $$($(PYTHON) -V 2>&1); ytempire needs 3.11 or newer. If you have one: make PYTHON=python3.12" >&2; \
	  exit 1; }
	@echo "making the virtual environment .venv"
	@$(PYTHON) -m venv .venv || { \
	  echo "could not make .venv: on Debian and Ubuntu, apt install python3-venv; the folder must be writable" >&2; \
	  rm -rf .venv; exit 1; }

$(STAMPS)/uv: requirements-uv.lock | .venv/pyvenv.cfg
	@mkdir -p $(STAMPS)
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-uv.lock
	@touch $@

$(STAMPS)/runtime-packages: requirements.lock $(STAMPS)/uv
	@echo "installing ytempire's packages into .venv (once, and whenever the lock changes; about 700 MB)"
	@began=$$SECONDS; $(UV_SEEN) pip install --python $(BIN)/python --require-hashes -r requirements.lock; \
	  echo "installed in $$((SECONDS - began)) s"
	@# 100 MB of descriptions of other Google APIs, and 10 MB of a build tool that nothing uses
	@find .venv/lib/*/site-packages/googleapiclient/discovery_cache/documents -name '*.json' \
	  ! -name 'youtube*' ! -name 'oauth2*' -delete
	@$(UV) pip uninstall --python $(BIN)/python setuptools 2> /dev/null || true
	@touch $@

$(RUNTIME): $(STAMPS)/runtime-packages pyproject.toml
	@$(UV) pip install --python $(BIN)/python --no-deps --no-build-isolation --offline -e .
	@touch $@

$(DEV): requirements-dev.lock $(RUNTIME)
	@echo "installing the developers' packages into .venv"
	@$(UV_SEEN) pip install --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@
