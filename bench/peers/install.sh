#!/bin/sh
# Python peers of `npm run bench -- drift`, in a virtual environment of their own: bench/peers/install.sh [DIRECTORY]
set -eu
directory="${1:-$(dirname "$0")/.venv}"
python3 -m venv "$directory"
"$directory/bin/pip" install --quiet "numpy<3" "scipy<2" "pandas<3" "evidently==0.7.23"
echo "PYTHON=$directory/bin/python"
