#!/bin/bash
# What a build from nothing costs, without ccache: wall time, and processor time of all its steps.
#
#   tools/measure_build.sh [PRESET [TARGET...]]     default: release hauspost
#
# Builds in build/measure-PRESET, which is made anew and removed. Figures: docs/performance.md.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

preset="${1:-release}"
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(hauspost)

folder="build/measure-$preset"
trap 'rm -rf "$folder"' EXIT
rm -rf "$folder"
export CCACHE_DISABLE=1
cmake --preset "$preset" -B "$folder" >/dev/null
TIMEFORMAT="$preset ${targets[*]}: %R s, %U s of processor time and %S s in the kernel"
time ninja -C "$folder" "${targets[@]}" >/dev/null
