# Everything a person does with this project. `make` alone lists it.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup run test check check-native check-code format screenshots soak bench \
	package package-test FORCE

PY := .venv/bin/python
SETUP := tools/setup.sh tools/setup_environment.py pyproject.toml constraints.txt Makefile
NATIVE := kernels/cpu/lib/.built
NATIVE_SOURCES := CMakeLists.txt tools/build_kernels.py \
	$(shell find kernels/cpu/csrc -name '*.cpp' -o -name '*.h')
# An environment whose Python has gone (a system upgrade) is made again, whatever its stamps say.
GONE := $(shell test -x $(PY) || echo FORCE)
# What else one wants to pass on: make run ARGS="chat --prompt Hello", make test ARGS=tests/kernels
ARGS ?=
# A file of tests stays on one worker, for its fixtures; a worker needs up to 2 GB. A worker that
# crashed is not replaced: with loadfile the replacement never gets the rest of its file.
PARALLEL := -n auto --maxprocesses 4 --dist loadfile --max-worker-restart 0
# Journeys of whole process trees have homes, buses, displays and networks of their own. They measure
# no coverage: the rest reaches far over 90 % without, and in each of their programs it costs a
# second. These run one at a time after all others: beside them the lock's own probes were disturbed,
# and the rest kill, signal and time processes at moments that a busy machine moves.
ALONE := $(patsubst %,tests/flows/test_%.py,history_kills hostile_templates lock_from_outside \
	lock_services process_tree process_tree_chat second_start)
# Nor do these, and the file says why.
UNMEASURED = $(shell sed '/^\#/d' tests/unmeasured.txt)
# A test that not even its own limit ends (at most 600 s) is stuck outside Python: where it is
# stuck is told, and its process ends. Long campaigns have no such limit.
LIMITED := -o faulthandler_timeout=660 -o faulthandler_exit_on_timeout=true

help: ## list these targets
	@grep -E '^[a-z-]+:.* ## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.* ## /  make \1\t/' | expand -t 20

setup: .venv/.ready-run $(NATIVE) ## make the environment, as run does by itself
	@echo "Set-up is in place."

# `set -m` gives the program the terminal: Ctrl-C in a chat is for the program, not for make. Who
# leaves by it (130) has made no mistake that make should complain of.
run: .venv/.ready-run $(NATIVE) ## set up what is missing, then open Pitcher
	@set -m; $(PY) main.py $(ARGS) || { code=$$?; [ $$code -eq 130 ] || exit $$code; }

# Tests start hundreds of programs: each would compile all that it imports, were none of it kept.
test: export PYTHONDONTWRITEBYTECODE :=
test: .venv/.ready-dev $(NATIVE) ## set up what is missing, then run every test
	@$(PY) -m tools.fetch_test_data
ifeq ($(ARGS),)
	@$(PY) -m pytest $(PARALLEL) $(LIMITED) $(addprefix --ignore=,tests/flows $(UNMEASURED)) \
		--cov --cov-report=term
	@$(PY) -m pytest $(PARALLEL) --no-loadscope-reorder $(LIMITED) tests/flows $(UNMEASURED) \
		$(ALONE:%=--ignore=%)
	@$(PY) -m pytest $(LIMITED) $(ALONE)
else
	@$(PY) -m pytest $(ARGS)
endif

# What reads the code is one process at a time, the compilers are two: each fills the other's gaps.
check: .venv/.ready-dev .venv/.ready-run ## format, lint, types, directions, docstrings, notices
	@$(MAKE) --no-print-directory -j2 check-native check-code
	@echo "All checks passed."

check-native: .venv/.ready-dev $(NATIVE)
	@$(PY) -m tools.native_checks

check-code: .venv/.ready-dev
	@$(PY) -m ruff format --check --quiet . || { echo "Run: make format"; exit 1; }
	@$(PY) -m ruff check --quiet .
	@$(PY) -m mypy --no-error-summary
	@said=$$(.venv/bin/lint-imports --no-cache) || { echo "$$said"; exit 1; }
	@$(PY) -m tools.check_docstrings
	@$(PY) -m tools.check_files
	@$(PY) -m tools.check_notice
	@$(PY) -m tools.translations
	@$(PY) -m tools.pin_constraints --check

format: .venv/.ready-dev ## put the code in order
	@$(PY) -m ruff check --quiet --fix-only .
	@$(PY) -m ruff format --quiet .

# Into build/screenshots, or make screenshots ARGS="folder --scene chat --scale 2 --scheme dark".
screenshots: .venv/.ready-dev $(NATIVE) ## pictures of the window's main states, without a display
	@$(PY) -m tools.screenshots $(or $(ARGS),build/screenshots)

soak: .venv/.ready-dev $(NATIVE) ## the long campaigns; hours are fine
	@$(PY) -m tools.fuzz_gguf --count 50000
	@$(PY) -m tools.fuzz_safetensors --count 50000
	@$(PY) -m tools.kill_history --count 2000
	@$(PY) -m tools.fault_history
	@$(PY) -m tools.kill_downloads --count 500
	@$(PY) -m tools.windows_checks
	@$(PY) -m tools.windows_installer_checks
	@$(PY) -m tools.kill_updates --count 200
	@$(PY) -m pytest -m slow --timeout 3600 $(ARGS)

# From what is committed; RELEASE_KEY=file names the public key by which updates are signed.
package: .venv/.ready-dev ## freeze the program, and build every installer that can be built here
	@$(PY) -m tools.package $(if $(RELEASE_KEY),--release-key "$(RELEASE_KEY)") $(ARGS)

# As root; make package-test ARGS="--only deb-bookworm,start-ssh", or --list to see their names.
package-test: .venv/.ready-dev ## install and try what was packaged, in Debian systems without Python
	@$(PY) -m tools.package_test $(ARGS)

BENCH := .venv-bench/.ready .venv-bench-avx2/.ready .venv-bench-ik/.ready

bench: .venv/.ready-run $(NATIVE) $(BENCH) ## measure against llama.cpp and ik_llama.cpp, in turns
	@$(PY) -m benchmarks.compare $(ARGS)

.venv/.ready-run: $(SETUP) $(GONE)
	@PYTHON="$(PYTHON)" TORCH_INDEX="$(TORCH_INDEX)" sh tools/setup.sh run

.venv/.ready-dev: $(SETUP) $(GONE)
	@PYTHON="$(PYTHON)" TORCH_INDEX="$(TORCH_INDEX)" sh tools/setup.sh dev

$(NATIVE): $(NATIVE_SOURCES) | .venv/.ready-run
	@$(PY) -m tools.build_kernels

# Peers are built from source, about ten minutes each on two cores, once: llama.cpp for this
# machine, llama.cpp without AVX-512, and ik_llama.cpp for this machine beside its AVX2 wheel.
AVX2_ONLY := -DGGML_NATIVE=OFF -DGGML_AVX512=OFF -DGGML_AVX2=ON -DGGML_FMA=ON -DGGML_F16C=ON

.venv-bench/.ready: benchmarks/constraints-bench.txt .venv/.ready-run
	@echo "Building llama.cpp to measure against, once: about ten minutes."
	@$(PY) -m venv .venv-bench
	@.venv-bench/bin/python -m pip install --quiet --no-input \
		-r benchmarks/constraints-bench.txt
	@touch $@

# Without pip's cache, or it would take the build for this machine.
.venv-bench-avx2/.ready: benchmarks/constraints-bench.txt .venv/.ready-run
	@echo "Building llama.cpp without AVX-512, once: about ten minutes."
	@$(PY) -m venv .venv-bench-avx2
	@CMAKE_ARGS="$(AVX2_ONLY)" .venv-bench-avx2/bin/python -m pip install --quiet \
		--no-input --no-cache-dir -r benchmarks/constraints-bench.txt
	@touch $@

.venv-bench-ik/.ready: benchmarks/constraints-bench-ik.txt benchmarks/build_native_ik.py \
		.venv/.ready-run
	@echo "Building ik_llama.cpp to measure against, once: about ten minutes."
	@$(PY) -m venv .venv-bench-ik
	@.venv-bench-ik/bin/python -m pip install --quiet --no-input \
		-r benchmarks/constraints-bench-ik.txt
	@.venv-bench-ik/bin/python -m benchmarks.build_native_ik
	@touch $@
