#!/usr/bin/env bash
# Every check of the extension: its types, its rules, its tests, and that the build in ../labextension is of these sources.
set -euo pipefail
cd "$(dirname "$0")"

if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
  npm ci --ignore-scripts --no-audit --no-fund --silent
fi
npm run --silent types
npm run --silent lint
npm run --silent test

committed="$(mktemp -d)"
trap 'rm -rf "$committed"' EXIT
cp -r ../labextension/. "$committed"
npm run --silent build
if ! diff --recursive --brief "$committed" ../labextension; then
  echo "ao_kernel/labextension was not what its sources build to; it is now: commit it" >&2
  exit 1
fi
