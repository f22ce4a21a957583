# Everything runs in .venv, which the first target that needs it makes; `make help` lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN := .venv/bin
READY := .venv/.ready

# Small networks are fastest on one thread, and the grader's results are compared on one.
export OMP_NUM_THREADS := 1

# Tests that share fixtures stay in one process; more than two only take each other's time.
PROCESSES := 2

.PHONY: help setup demo test attacks fuzz bench notebooks lint build check clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s  %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## make .venv and see what this machine can do
	@$(BIN)/autograder doctor

demo: $(READY) ## grade the sample class in examples/ into demo/
	@$(BIN)/autograder demo

test: lint ## lint, then every test, then all notebooks of source/
	@.ci/setup tests
	@$(BIN)/python -m pytest --quiet --durations=15 -n $(PROCESSES) --dist loadfile
	@GAN_COURSE_PROFILE=smoke GAN_COURSE_DATA=$(CURDIR)/build/data \
	    $(BIN)/python -m pytest --quiet -n $(PROCESSES) --dist loadfile --nbval-lax source

attacks: $(READY) ## every attack at every isolation level, every control, and the table of SECURITY.md
	@$(BIN)/python -m tests.attacks

fuzz: $(READY) ## 10,000 examples and more for each parser of what strangers send
	@FUZZ_PROFILE=fuzz $(BIN)/python -m pytest --quiet -n $(PROCESSES) tests/fuzz

bench: $(READY) ## what grading costs beside other tools, then 10,000 submissions; figures in build/bench/
	@$(BIN)/python -m benchmarks compare --markdown
	@$(BIN)/python -m benchmarks many --markdown

notebooks: $(READY) ## run every notebook in the quick profile; copies with their pictures in build/notebooks/
	@for notebook in source/*/*.ipynb; do \
	    begun=$$SECONDS; \
	    GAN_COURSE_PROFILE=$${GAN_COURSE_PROFILE:-quick} $(BIN)/jupyter nbconvert --log-level ERROR --execute \
	        --to notebook --output-dir build/notebooks $$notebook; \
	    echo "$$notebook: $$((SECONDS - begun)) s"; \
	done

lint: $(READY) ## ruff and mypy --strict
	@$(BIN)/ruff check --quiet --output-format concise .
	@$(BIN)/ruff format --check --quiet . || { echo "not formatted: run $(BIN)/ruff format ." >&2; exit 1; }
	@$(BIN)/mypy --no-error-summary

build: $(READY) ## write source/ and release/ from assignments/, and the sample class
	@$(BIN)/autograder build
	@$(BIN)/python examples/make_samples.py

check: $(READY) ## say whether source/, release/ and the sample class are fresh, and whether anything leaks
	@$(BIN)/autograder check
	@$(BIN)/python examples/make_samples.py --check

clean: ## delete demo/ and what tools leave behind; .venv stays
	@rm -rf demo build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -path ./.venv -prune -o -name __pycache__ -type d -exec rm -rf {} +

# Again when the packages asked for change.
$(READY): pyproject.toml .ci/constraints.txt .ci/setup
	@.ci/setup
	@touch $@
