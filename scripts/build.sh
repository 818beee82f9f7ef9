#!/usr/bin/env bash
# Builds the release binary with its site inside and leaves it at target/release/terrace of this clone.
source "$(dirname "$0")/env.sh"
scripts/build-site.sh
TERRACE_EMBED=$site cargo build --release --package server --bin terrace
# A copy, since another clone may share the target folder.
if [ "$TERRACE_TARGET" != "$PWD/target" ]; then
  mkdir -p target/release
  rm -f target/release/terrace
  cp "$TERRACE_TARGET/release/terrace" target/release/terrace
fi
say "Built target/release/terrace ($(du -h target/release/terrace | cut -f 1))"
