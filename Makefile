# Everything happens below this folder: .venv holds the tools, .oracle what the oracles build.
# python3 comes first: it is the one that an active environment or CI asks for.
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c '$(SUPPORTED)' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
READY := .venv/.ready

export PIP_NO_CACHE_DIR := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export NEXT_TELEMETRY_DISABLED := 1
export npm_config_cache := $(CURDIR)/.oracle/npm

.PHONY: demo test lint docs docs-check messages site fuzz golden new-rule clean

demo: $(READY)
	@$(BIN)/megalint check --exit-zero fixtures/projects/megaticket/before

test: $(READY)
	@$(BIN)/python -m pytest -q $(ARGS)

lint: $(READY)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

docs: $(READY)
	@$(BIN)/python -m megalint.scaffold docs

docs-check: $(READY)
	@$(BIN)/python -m megalint.scaffold docs --check
	@$(BIN)/python -m megalint.scaffold messages --check

messages: $(READY)
	@$(BIN)/python -m megalint.scaffold messages

site: $(READY)
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

# make fuzz SECONDS=600
SECONDS ?= 600
fuzz: $(READY)
	@FUZZ_SECONDS=$(SECONDS) $(BIN)/python -m pytest -q tests/fuzz
	@! $(BIN)/python -c 'import atheris' 2>/dev/null || \
		$(BIN)/python tests/fuzz/guided.py .oracle/seeds -max_total_time=$(SECONDS)

golden: $(READY)
	@$(BIN)/python -m pytest -q tests/test_projects.py tests/test_translation.py tests/test_work.py --update-golden

# make new-rule ID=some-id FAMILY=nextjs
FAMILY ?= nextjs
new-rule: $(READY)
	@test -n "$(ID)" || { echo "which rule? make new-rule ID=some-pattern-found" >&2; exit 2; }
	@$(BIN)/python -m megalint.scaffold rule $(ID) --family $(FAMILY)

# the lock file holds hashes for every version of Python that is supported
$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { \
		echo "no Python 3.11 to 3.13 found; to try another: make PYTHON=python3.14 demo" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-build-isolation --no-deps --editable .
	@touch $@

clean:
	rm -rf .venv .oracle site .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
