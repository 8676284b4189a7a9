#!/bin/sh
# Finds a Python that can make the environment, and hands over to tools/setup_environment.py.
# For `make run` and `make test`. Every failure is one sentence on stderr and exit 1.
#
#     sh tools/setup.sh run|dev
set -eu

cd "$(dirname "$0")/.."
wanted="Python 3.11 or later"
again="make $1"
[ "$1" = dev ] && again="make test"

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
makes_environments() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

fail() {
    printf '%s\n' "$1" >&2
    exit 1
}

# PYTHON=… names one; otherwise the first that will do.
found_old="" found_bare=""
for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.14}; do
    command -v "$candidate" >/dev/null 2>&1 || continue
    if ! new_enough "$candidate"; then
        found_old="$candidate"
    elif ! makes_environments "$candidate"; then
        found_bare="$candidate"
    else
        exec "$candidate" -I tools/setup_environment.py "$1"
    fi
done

if [ -n "$found_bare" ]; then
    fail "Set-up needs Python's venv module and $found_bare has none: install it (Debian, Ubuntu: sudo apt install python3-venv), then run $again again."
elif [ -n "$found_old" ]; then
    fail "Set-up needs $wanted and $found_old is older: install one and name it, as in $again PYTHON=python3.11."
else
    fail "Set-up needs $wanted and found no ${PYTHON:-python3}: install it, then run $again again."
fi
