#!/usr/bin/env bash
# Breaks one thing after another under load, and audits what is left each time: see crates/bench/README.md.
#   scripts/chaos.sh [short] [FAULT…]   all faults when none is named
# The binary is TERRACE_BINARY, or an unoptimised build made here. Figures go to standard output and, a line of JSON for
# each fault, into TERRACE_FIGURES (target/bench).
source "$(dirname "$0")/env.sh"
form=()
if [ "${1:-}" = short ]; then
  form=(--short)
  shift
fi
only=()
for fault in "$@"; do only+=(--only "$fault"); done

scripts/setup.sh chaos
figures=${TERRACE_FIGURES:-$PWD/target/bench}
mkdir -p "$figures"
# All of the workspace is named, so that little is built anew after its tests.
cargo build --workspace --bin terrace --bin terrace-bench
"$TERRACE_TARGET/debug/terrace-bench" chaos --terrace "${TERRACE_BINARY:-$TERRACE_TARGET/debug/terrace}" \
  --json "$figures/chaos.jsonl" "${form[@]}" "${only[@]}"
