# Everything a person does with this checkout. `make` alone lists it.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:

BIN := .venv/bin
UV ?= uv
# Passed on: make test TEST_ARGS="-k certificate"
TEST_ARGS ?=
BENCH_ARGS ?=
# As many test processes as there are processors, four at most.
TEST_WORKERS ?= --numprocesses=auto --maxprocesses=4

# Both look first and do only what is missing: on a complete machine they take an instant.
prepare = @python=$$(sh installer/find_python.sh) && $(1) "$$python" installer/prepare_system.py \
	&& "$$python" installer/make_environment.py $(2)

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: env
env: ## make .venv with the teak command, from locked versions
	$(call prepare,,runtime)

.PHONY: env-dev
env-dev:
	$(call prepare,TEAK_OFFSCREEN=1,dev)

.PHONY: run
run: env ## open the desk on a demo registry; without a display, leave pictures in out/
	@$(BIN)/python -m app.composition --demo

.PHONY: test
test: env-dev ## run every test
	@$(BIN)/python -m pytest $(TEST_WORKERS) $(TEST_ARGS)

.PHONY: quick
quick: env-dev ## run the tests that take no time, in one process
	@$(BIN)/python -m pytest -m "not slow and not journey" $(TEST_ARGS)

.PHONY: soak
soak: env-dev ## faults and mutated frames for long: a thousand kills, ten million frames a protocol
	@TEAK_SOAK=1 $(BIN)/python -m pytest $(TEST_WORKERS) tests/fire tests/services/worker/test_worker_killed.py \
		tests/services/transactions/test_random_acts.py \
		tests/services/transactions/test_random_later_acts.py $(TEST_ARGS)
	@TEAK_MUTATED_FRAMES=10000000 $(BIN)/python -m pytest tests/hardware/test_mutated_streams.py $(TEST_ARGS)
	@TEAK_CHART_SOAK_S=1800 $(BIN)/python -m pytest tests/views/charts/test_live_soak.py $(TEST_ARGS)

.PHONY: check
check: env-dev ## format, ruff, mypy, layers, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest $(TEST_WORKERS) $(TEST_ARGS)

.PHONY: format
format: env-dev ## let ruff set the code in its form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

.PHONY: bench
bench: env-dev ## measure, each figure as a ratio against its limit or rival
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m benchmarks $(BENCH_ARGS)

compile = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-emit-index-url --custom-compile-command "make lock" pyproject.toml --group build

.PHONY: lock
lock: ## choose the locked versions anew (needs uv); UPGRADE=--upgrade for the newest
	$(compile) $(UPGRADE) --output-file installer/requirements.txt
	$(compile) $(UPGRADE) --group dev --constraint installer/requirements.txt \
		--output-file installer/requirements-dev.txt

.PHONY: wheel
wheel: env-dev ## build the wheel into dist/
	@$(BIN)/python -m pip --disable-pip-version-check wheel --quiet --no-deps --no-build-isolation \
		--wheel-dir dist .

.PHONY: clean
clean: ## remove what was made, .venv included
	rm -rf .venv build dist out teak.egg-info .pytest_cache .mypy_cache .ruff_cache \
		.hypothesis .import_linter_cache
