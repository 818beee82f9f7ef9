#!/usr/bin/env bash
# A quick build of server and site, served until interrupted. Arguments go to `terrace`; without any it serves the demo.
source "$(dirname "$0")/env.sh"
scripts/build-site.sh --fast
cargo build --package server --bin terrace
[ $# -gt 0 ] || set -- demo
TERRACE_SITE=$site exec "$TERRACE_TARGET/debug/terrace" "$@"
