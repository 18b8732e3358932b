#!/bin/sh
# Installs the package as a user would, into an environment of its own, and runs its tests.
#
#   sh bindings/python/tests/run.sh PYTHON
#
# The environment is kept in build/python; XGR_BUILD names another build folder.
set -eu
cd "$(dirname "$0")/../../.."
environment=$PWD/${XGR_BUILD:-build}/python
[ -x "$environment/bin/python" ] || "$1" -m venv "$environment"
"$environment/bin/python" -m pip install -q --disable-pip-version-check '.[test]'
cd bindings/python/tests
exec "$environment/bin/python" -m pytest -q -p no:cacheprovider .
