# Two commands do all set-up on a machine with Python 3.11-3.13 and make: `make demo` and `make test`.
# Everything runs in .venv, built from requirements-dev.lock with every package's hash checked.

.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
BUILT := .venv/.built

# Where this is set, as in many containers, every process compiles all that it imports again: 8 s of a processor for
# what a flow needs.
unexport PYTHONDONTWRITEBYTECODE

# Options for the commands below, for example: make ingest ARGS="sohr_en --since 2d"
ARGS ?=
# Folder of captured pages, feeds and robots.txt cases to measure on; what is not there is not measured.
PAGES ?= ../shared/pages
# Sizes of the warehouses that are measured, in articles; a million takes a quarter of an hour and 4 GB.
COUNTS ?= 10000 100000 1000000

.PHONY: help demo ingest test check format benchmark peers fuzz soak lock clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

demo: $(BUILT) ## Run the whole pipeline on the sample outlets, on this machine alone
	@$(BIN)/wirewatch demo $(ARGS)

ingest: $(BUILT) ## Run the same on the live outlets of config/outlets, once
	@$(BIN)/wirewatch ingest $(ARGS)

test: $(BUILT) ## Run the tests
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

check: $(BUILT) ## Format, lint, types, import contracts, tests: what CI runs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(MAKE) --no-print-directory test

format: $(BUILT) ## Format the code and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

benchmark: $(BUILT) ## Measure quality and speed; PAGES=FOLDER says on which pages
	@$(BIN)/python tests/benchmarks/bench_extraction.py --pages $(PAGES) $(ARGS)
	@$(BIN)/python tests/benchmarks/bench_memory.py --pages $(PAGES)
	@$(BIN)/python tests/benchmarks/bench_feeds.py --pages $(PAGES)
	@$(BIN)/python tests/benchmarks/bench_robots.py --pages $(PAGES)
	@$(BIN)/python tests/benchmarks/bench_fetching.py
	@$(BIN)/python tests/benchmarks/bench_tick.py
	@$(BIN)/python tests/benchmarks/bench_stories.py
	@$(BIN)/python tests/benchmarks/bench_search.py --sizes 10000
	@$(BIN)/python tests/benchmarks/bench_views.py --short --sizes 10000 100000
	@$(BIN)/python tests/benchmarks/bench_warehouse.py --counts $(COUNTS)

peers: $(BUILT) ## Install the other extractors that `make benchmark` measures, until .venv is built anew
	@sed -n 's/^\([A-Za-z0-9._-]*==[^ \]*\).*/\1/p' requirements-dev.lock > .venv/constraints.txt
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --constraint .venv/constraints.txt --group peers

fuzz: $(BUILT) ## Read damaged pages for as long as ARGS says, for example: ARGS="--count 100000 --minutes 60"
	@$(BIN)/python tests/benchmarks/fuzz_pages.py --pages $(PAGES) $(ARGS)

soak: $(BUILT) ## Watch `wirewatch up` for half an hour over outlets of this machine that misbehave in turn
	@$(BIN)/python tests/soak/watch.py $(ARGS)

lock: $(BUILT) ## Compile the locks anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --custom-compile-command "make lock" pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --custom-compile-command "make lock" pyproject.toml --group dev \
		-c requirements.lock -o requirements-dev.lock

clean: ## Remove .venv and caches; data/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The first Python of the supported range that this machine has; PYTHON=... overrides.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	if $$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; \
	then echo $$name; break; fi; done)

# uv installs the lock; uv itself comes by pip, held to the hashes that the same lock records for it.
$(BUILT): requirements-dev.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "wirewatch needs Python 3.11, 3.12 or 3.13; none was found." >&2; exit 2; }
	@echo "Building .venv from requirements-dev.lock ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "Python's venv module is missing; on Debian: apt-get install python3-venv" >&2; exit 2; }
	@awk '/^uv==/ { found = 1 } found { print } found && !/\\$$/ { exit }' requirements-dev.lock > .venv/uv.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r .venv/uv.lock
	@VIRTUAL_ENV=.venv $(BIN)/uv pip sync --quiet --require-hashes requirements-dev.lock
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $(BUILT)
