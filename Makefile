# Everything runs inside .venv and .venvs/, which are made on first use from any Python 3.11 or newer.
# compile what is imported once, not in each of the thousands of processes that tests start
unexport PYTHONDONTWRITEBYTECODE
PYTHON ?= python3
PORT ?= 5000
BIN := .venv/bin
PREPARE := $(PYTHON) .ci/environment.py
# COVER=1 measures which lines the core tests run in their own processes, not in those that they start
COVER ?=
COVERAGE := $(BIN)/python -m coverage
# more tests at once than there are cores, as many wait for a process or a second to pass, and those of a file in one
# process: twice as many of the core, fewer of the further ones, whose frameworks fill the memory's caches, and three
# files in the browser, which has many threads of its own
CORES := $(shell $(PYTHON) -c 'import os; print(min(2, os.cpu_count() or 1))')
FILES := --dist loadfile --no-loadscope-reorder
SUITE := $(BIN)/python .ci/tests.py
UI := $(BIN)/python .ci/ui.py
UI_OR_NOT := $(UI) build || echo "The web UI could not be built; the server runs without it." >&2
# What a machine without databases, a second mlflow or deep-learning frameworks can run.
CORE := not postgresql and not mariadb and not s3 and not oracle and not integration and not frameworks and not faults and not browser

.PHONY: help demo serve ui ui-test dev foreign ui-tested ready test test-all bench bench-full lint docs pictures screens settings lock clean
help:
	@echo "make demo       train scikit-learn models, log them to a server at 127.0.0.1:$(PORT), keep serving"
	@echo "make serve      the server alone, at 127.0.0.1:$(PORT)"
	@echo "make ui         build the web UI into the package; ui-test checks its types, style and units, then in Chromium"
	@echo "make test       linters and the core tests"
	@echo "make test-all   the rest too: PostgreSQL, MariaDB, S3, other libraries, the browser, faults; COVER=1 for coverage"
	@echo "make bench      compare with the published mlflow (10 minutes); bench-full adds PostgreSQL and the slow rows"
	@echo "make pictures   take the pictures of docs/ui.md from the demo's data (1 minute)"
	@echo "make screens    pictures of every screen, in both themes, wide and narrow, to test-artifacts/screens (10 minutes)"
	@echo "make lint docs settings lock clean"

demo:
	@$(PREPARE) demo
	@$(UI_OR_NOT)
	@$(BIN)/python examples/demo_server.py --port $(PORT)

serve:
	@$(PREPARE) serve
	@$(UI_OR_NOT)
	@$(BIN)/mlflow server --port $(PORT)

ui:
	@$(PREPARE) serve
	@$(UI) build

ui-test: ui-tested
	@$(BIN)/python -m pytest -q tests/ui

dev:
	@$(PREPARE) dev

foreign:
	@$(PREPARE) oracle frameworks

ui-tested: dev
	@$(UI) check test

# Each of these keeps one core busy: `make -j ready` does them at once, and test-all finds them done.
ready: lint ui-tested foreign

lint: dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

# several tests train at once; libraries that use all cores each would wait for each other
test test-all: export OMP_NUM_THREADS := 1
test test-all: export OPENBLAS_NUM_THREADS := 1

test: lint
	@mkdir -p test-artifacts
	@$(COVERAGE) erase
	@$(SUITE) core $(if $(COVER),--cover) -n $$((2 * $(CORES))) $(FILES) -m "$(CORE)"
	@$(if $(COVER),$(COVERAGE) combine -q --append; $(COVERAGE) report)

test-all: test foreign ui-tested
	@$(SUITE) further -n $$(($(CORES) + 1)) $(FILES) -m "not ($(CORE)) and not browser"
	@$(SUITE) browser -n 3 $(FILES) tests/ui

bench:
	@$(PREPARE) dev oracle
	@$(BIN)/python -m benchmarks.run

bench-full:
	@$(PREPARE) dev oracle
	@$(UI) build
	@$(BIN)/python -m benchmarks.run --full

pictures: dev
	@$(UI) build
	@$(BIN)/python .ci/pictures.py

screens: dev
	@$(UI) build
	@SCREENS=all $(BIN)/python -m pytest -q tests/ui/test_accessibility.py

docs: dev
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict

lock:
	@$(PREPARE) lock

settings: dev
	@$(BIN)/python -c "from tests.house import test_settings_page as p; p.PAGE.write_text(p.HEAD + p.to_markdown())"

clean:
	rm -rf .venv .venvs build dist site demo-data test-artifacts benchmarks/results htmlcov .coverage*
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
