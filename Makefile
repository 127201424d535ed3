# Everything a person or a machine does with this checkout. `make` alone lists it.
#
# Promises: on a fresh Debian or Ubuntu with python3 >= 3.11, venv and make, every target does its own set-up, with an
#           empty environment too. Python packages come by name and hash from requirements.lock, into .venv, once.
# Never:    asks for root; but as root `make test` also installs the Debian servers the tests talk to.
# Fails:    with one plain sentence when python3 is too old or cannot make a venv.

SHELL   := /bin/bash
# Where root's programs lie (useradd, postfix): an empty environment does not say.
export PATH := $(PATH):/usr/local/sbin:/usr/sbin:/sbin
PYTHON  ?= python3
VENV    := .venv
PY      := $(VENV)/bin/python
READY   := $(VENV)/.ready
SOURCES := gateway mailmap storage tests
BENCHES := bench-accept bench-end-to-end bench-parse bench-directory

.PHONY: help demo serve test check format crash fuzz bench docs lock ready peers
.DEFAULT_GOAL := help

help:  ## this list
	@sed -n 's/^\([a-z%-]*\):.*## \(.*\)$$/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

demo: $(READY)  ## play the story over real SMTP and stay up (DEMO_ARGS=--once ends by itself)
	@$(VENV)/bin/lienthong demo $(DEMO_ARGS)

serve: $(READY)  ## run the gateway with the settings file named by LIENTHONG_CONFIG
	@$(VENV)/bin/lienthong serve $(SERVE_ARGS)

test: $(READY) peers  ## all tests (TEST_ARGS="-k spool" chooses); as root also installs the servers they talk to
	@$(PY) -m pytest $(TEST_ARGS)

check: $(READY)  ## style, types, floors and house rules
	@$(PY) -m ruff check $(SOURCES)
	@$(PY) -m ruff format --check $(SOURCES)
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports
	@$(PY) -m pytest -q tests/house

format: $(READY)  ## put the code in the house's shape
	@$(PY) -m ruff format $(SOURCES)
	@$(PY) -m ruff check --fix $(SOURCES)

crash: $(READY) peers  ## power cuts and kill -9 at every durable step, the full run (CRASH_ARGS="--kills 600 --seed 2")
	@$(PY) -m pytest tests/crash --full --ignore tests/crash/test_kills.py $(TEST_ARGS)
	@$(PY) -m tests.crash.sweep $(CRASH_ARGS)

fuzz: $(READY)  ## fuzz everything that reads, ten minutes (FUZZ_SECONDS=600), then very many examples (FUZZ_EXAMPLES=2000)
	@$(PY) -m tests.fuzz.run $(FUZZ_ARGS)
	@$(PY) -m pytest -m hypothesis --hypothesis-profile=fuzz $(TEST_ARGS)

bench: $(READY) peers  ## all benches, one after the other; each ends with one JSON line
	@failed=0; for bench in $(BENCHES); do $(MAKE) --no-print-directory $$bench || failed=1; done; exit $$failed

bench-%: $(READY) peers  ## one bench: bench-accept, bench-end-to-end, bench-parse, bench-directory, bench-forms; bench-documents reads samples for ten minutes
	@$(PY) -m tests.bench.$(subst -,_,$*) $(BENCH_ARGS)

docs: $(READY)  ## write the pages that are made from the program
	@$(PY) -m gateway.cli.pages docs

lock: $(READY)  ## resolve pyproject.toml anew into requirements.lock, for Python 3.11 and later, with hashes and no addresses
	@test -x $(VENV)/lock/bin/uv || { $(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/pip install --quiet uv; }
	@$(VENV)/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --all-extras \
	  --no-header --no-annotate --no-emit-index-url --output-file requirements.lock pyproject.toml

ready: $(READY)  ## only the set-up

peers:
	@bash .ci/peers

$(READY): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { \
	  echo "Thiếu python3 (cần bản 3.11 trở lên). / python3 is missing (3.11 or later is needed)." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Cần Python 3.11 trở lên; máy này có $$($(PYTHON) --version). Thử: make PYTHON=python3.12 …" >&2; \
	  echo "Python 3.11 or later is needed; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12 …" >&2; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "Không tạo được venv; cài gói python3-venv. / Cannot make a venv; install the package python3-venv." >&2; exit 1; }
	@echo "Cài đặt vào $(VENV), chỉ lần đầu mất một hai phút. / Setting up $(VENV); only the first time takes a minute or two."
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
	@touch $@
