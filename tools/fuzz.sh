#!/bin/bash
# Builds the fuzz targets (preset `fuzz`, clang) and runs each of them.
#
#   tools/fuzz.sh [SECONDS [NAME...]]     default: 60 seconds each, all targets
#
# Seeds come from tests/fuzz/seeds/NAME/. What is found on the way is kept in build/fuzz/corpus/NAME;
# an input that fails in build/fuzz/found/NAME.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

seconds="${1:-60}"
[[ "$seconds" =~ ^[0-9]+$ ]] || { sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2; }
shift || true
names=("$@")
if [ ${#names[@]} -eq 0 ]; then
    for source in tests/fuzz/*.cpp; do names+=("$(basename "$source" .cpp)"); done
fi

tools/install_packages.sh build fuzz
cmake --preset fuzz >/dev/null
targets=("${names[@]/#/fuzz_}")
cmake --build --preset fuzz --target "${targets[@]}" -- --quiet

failed=()
for name in "${names[@]}"; do
    corpus="build/fuzz/corpus/$name" found="build/fuzz/found/$name"
    mkdir -p "$corpus" "$found"
    seeds=()
    [ -d "tests/fuzz/seeds/$name" ] && seeds=("tests/fuzz/seeds/$name")
    dictionary=()
    # A session speaks its commands' words.
    words="tests/fuzz/dict/${name/_session/_command}.dict"
    [ -f "$words" ] && dictionary=("-dict=$words")
    # Inputs of sessions reach so much code that the entropic schedule would take most of the time.
    schedule=()
    [[ "$name" == *_session || "$name" == *_grammar ]] && schedule=(-entropic=0)
    echo "== $name, $seconds s"
    "build/fuzz/tests/fuzz/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -print_final_stats=1 -verbosity=0 -artifact_prefix="$found/" "${dictionary[@]}" "${schedule[@]}" \
        "$corpus" "${seeds[@]}" || failed+=("$name")
done
if [ ${#failed[@]} -gt 0 ]; then
    echo "failed: ${failed[*]} (inputs in build/fuzz/found)" >&2
    exit 1
fi
echo "all ${#names[@]} targets clean"
