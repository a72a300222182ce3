#!/bin/bash
# Builds the pages: installs what package-lock.json names when it is missing or another lock file has
# come, checks the types, bundles, and makes of the bundle what the server embeds.
#
#   web/tools/build.sh OUT         writes OUT/dist and OUT/sealed
#   web/tools/build.sh --install   only the first of it
#
# No script of a package is run, and packages come from npm's cache where that holds them. Several
# builds of one tree install one after another.
set -euo pipefail
out="$(realpath -m -- "${1:?usage: $0 OUT}")"
[ "$1" = --install ] && out=
cd "$(dirname "$(readlink -f "$0")")/.."

command -v npm >/dev/null || { echo "$0: npm is missing (packaging/debian-packages.txt)" >&2; exit 1; }
installed=node_modules/.hauspost-installed
exec 9>.install.lock
flock 9
if ! cmp -s package-lock.json "$installed"; then
    echo "installing the packages of the pages"
    npm ci --prefer-offline --loglevel=error >/dev/null
    cp package-lock.json "$installed"
fi
flock -u 9
exec 9>&-
[ -n "$out" ] || exit 0

tools/with_node.sh tsc -p tsconfig.json
tools/with_node.sh vite build admin --outDir "$out/dist" --emptyOutDir --logLevel warn
tools/with_node.sh node tools/seal.ts "$out/dist"
