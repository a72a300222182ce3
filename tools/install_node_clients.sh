#!/bin/bash
# Installs the npm clients of tests/interop/node into build/node when they are missing or another
# lock file has come; does nothing, and asks for no network, when they are there.
#
#   tools/install_node_clients.sh
#
# Exactly what package-lock.json names, compared with its hashes, from npm's cache where that holds
# it; no script of a package is run.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

source=tests/interop/node
target=build/node
installed="$target/installed"

if [ -f "$installed" ] && cmp -s "$installed" "$source/package-lock.json"; then exit 0; fi

command -v npm >/dev/null || { echo "$0: npm is missing (packaging/debian-packages.txt)" >&2; exit 1; }
mkdir -p "$target"
rm -f "$installed"
cp "$source/package.json" "$source/package-lock.json" "$source/.npmrc" "$target/"
echo "installing the npm clients"
(cd "$target" && npm ci --prefer-offline --loglevel=error >/dev/null)
cp "$source/package-lock.json" "$installed"
