#!/usr/bin/env bash
# Measures on this machine. The figures go to standard output and, as JSON, into the folder TERRACE_FIGURES (target/bench).
#   scripts/bench.sh         the five-minute form: a shift of 20,000 people on SQLite and on PostgreSQL, and flatness
#   scripts/bench.sh pyramid cutting a gigapixel into tiles, beside vips dzsave: as TIFF and as PNG
#   scripts/bench.sh count   instructions of one claim with its submit on SQLite, counted by callgrind
source "$(dirname "$0")/env.sh"
part=${1:-all}
figures=${TERRACE_FIGURES:-$PWD/target/bench}
mkdir -p "$figures"
cargo build --release --package bench
bench=$TERRACE_TARGET/release/terrace-bench

# What a run of so many claims with their submits executes, all threads together. Each run works on a copy of one folder.
instructions() {
  rm -rf "$work/run" && cp -r "$work/filled" "$work/run"
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$bench" count --folder "$work/run" --deeds "$1" 2>&1 |
    awk '/Collected/ { n = $NF } END { if (n == "") exit 1; print n }'
}

if [ "$part" = pyramid ]; then
  scripts/setup.sh pyramid
  for format in tiff png; do
    "$bench" pyramid --megapixels "${TERRACE_MEGAPIXELS:-1000}" --format $format --json "$figures/pyramid-$format.json"
  done
  exit 0
fi

if [ "$part" = count ]; then
  scripts/setup.sh count
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir "$work/filled"
  "$bench" count --folder "$work/filled" --items "${TERRACE_ITEMS:-10000}"
  few=$(instructions 50)
  many=$(instructions 250)
  # Opening and closing cost the same in both and fall away.
  each=$(((many - few) / 200))
  say "$each instructions for one claim with its submit (${TERRACE_ITEMS:-10000} items, SQLite)" | tee "$figures/count.txt"
  exit 0
fi

failed=0
for database in sqlite postgres; do
  say "== A shift on $database"
  "$bench" shift --terrace "${TERRACE_BINARY:-target/release/terrace}" --database $database --projects 2 --items 300000 \
    --ramp "${TERRACE_RAMP:-30}" --seconds "${TERRACE_SECONDS:-60}" --pace "${TERRACE_PACE:-1}" --json "$figures/shift-$database.json" || failed=1
  say "== Flatness on $database"
  "$bench" flat --database $database --items 10000,100000 --deeds 1000 --json "$figures/flat-$database.json" || failed=1
done
exit $failed
