# Everything a developer or a newcomer runs. Nothing is installed outside .venv but the Debian packages named here,
# and those only where they are missing (python3-venv for all; Dovecot, PostgreSQL and openssl for the tests).

VENV := .venv
BIN := $(VENV)/bin
SERVERS := dovecot-imapd dovecot-lmtpd openssl postgresql
WORKERS ?= 2
MAKEFLAGS += --no-print-directory

.DEFAULT_GOAL := help
.PHONY: help demo test check format docs bench judge build clean

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/.ready-to-run ## Install into .venv and walk through a sample mailbox
	@$(BIN)/amends demo $(DEMO)

test: $(VENV)/.ready-to-develop ## Install what the tests need, check, then run every test
	@.ci/prepare debian $(SERVERS)
	@$(MAKE) check
	@echo "== every test, real servers included"
	@$(BIN)/pytest -q -n $(WORKERS)

check: $(VENV)/.ready-to-develop ## Format, lint, types, layers, and the quick tests: under a minute
	@echo "== format";  $(BIN)/ruff format --check --quiet .
	@echo "== lint";    $(BIN)/ruff check --quiet .
	@echo "== types";   $(BIN)/mypy
	@echo "== layers";  $(BIN)/lint-imports --no-cache > $(VENV)/layers.log || { cat $(VENV)/layers.log; exit 1; }
	@echo "== quick tests"; $(BIN)/pytest -q -n $(WORKERS) -m 'not slow' tests/domain tests/services

format: $(VENV)/.ready-to-develop ## Put the code in its usual form
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .

docs: $(VENV)/.ready-to-develop ## Write the tables of docs/configuration.md anew
	@$(BIN)/python docs/write_tables.py

bench: $(VENV)/.ready-to-develop ## Measure what the README says about speed
	@.ci/prepare debian $(SERVERS)
	@$(BIN)/python bench/intake.py

judge: $(VENV)/.ready-to-develop ## Measure the four judgements on our labelled sets
	@$(BIN)/python -m bench.judgement.measure $(if $(POSTS),--posts $(POSTS)) $(JUDGE)

build: $(VENV)/.ready-to-develop ## Build the wheel into dist/
	@$(BIN)/pip wheel --quiet --no-deps --wheel-dir dist . && ls dist

clean: ## Remove everything that make has made
	rm -rf $(VENV) demo dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.ready-to-run: pyproject.toml .ci/prepare
	@.ci/prepare venv $(VENV)
	@.ci/prepare install $(VENV) .
	@touch $@

$(VENV)/.ready-to-develop: pyproject.toml .ci/prepare
	@.ci/prepare venv $(VENV)
	@.ci/prepare install $(VENV) ".[dev]"
	@touch $@ $(VENV)/.ready-to-run
