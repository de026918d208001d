#!/bin/sh
# Installs the Python module as a user would, into a virtual environment of its own and without a
# network, and runs tests/python and samples/hello.py there.
#   python_test.sh SOURCE_DIR [PYTHON]
set -eu
source=$1 python=${2:-/usr/bin/python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" -m venv --system-site-packages "$work/venv"
cd "$source"
"$work/venv/bin/pip" install --quiet --no-index --no-build-isolation --disable-pip-version-check . >"$work/log" 2>&1 ||
  { cat "$work/log"; exit 1; }
from=$("$work/venv/bin/python" -P -c 'import beholder; print(beholder.__file__)')
case "$from" in "$work"/*) ;; *) echo "the module came from $from"; exit 1 ;; esac
"$work/venv/bin/python" -P tests/python/test_module.py
"$work/venv/bin/python" -P samples/hello.py samples/coffee.jpg "what is on the table?"
if "$work/venv/bin/python" -P samples/hello.py none.jpg "what?" 2>"$work/error"; then exit 1; fi
grep -q "none.jpg" "$work/error"
