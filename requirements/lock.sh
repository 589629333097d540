#!/bin/sh
# Writes the locks from pyproject.toml: exact versions with hashes, no hosts. Run it after a change of a dependency: make lock
set -eu
cd "$(dirname "$0")/.."
lock() {
  out=$1; shift
  "${UV:-uv}" pip compile --quiet --universal --generate-hashes --python-version 3.11 \
    --no-emit-index-url --no-emit-find-links --no-header --no-annotate "$@" --output-file "requirements/$out"
}
lock run.txt pyproject.toml --extra sandbox
# What runs is what was tested: the larger sets hold the same versions.
lock test.txt pyproject.toml --extra sandbox --group test --constraint requirements/run.txt
lock dev.txt pyproject.toml --extra sandbox --group test --group dev --constraint requirements/test.txt
lock node.txt --group node
