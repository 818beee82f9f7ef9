#!/usr/bin/env bash
# The list of checks and tests; what CI runs, and nothing else is.
#   scripts/test.sh [all|lint|rust|faults|browser|rest]
# Each step prints its name and its minutes. A failed step does not stop the others, unless they need what it makes. What
# failed is named at the end, above the last line, which counts tests and checks; the exit code is 1 when any failed.
source "$(dirname "$0")/env.sh"
wanted=${1:-all}
case $wanted in all | lint | rust | faults | browser | rest) ;; *) fail "scripts/test.sh knows all, lint, rust, faults, browser and rest, not $wanted." ;; esac

logs=$PWD/target/test-logs
mkdir -p "$logs"
passed=0
failed=0
table=()
closing=()

# in_part PART… is true when the steps that follow belong to what was asked for.
in_part() {
  local part
  for part in all "$@"; do [ "$wanted" = "$part" ] && return 0; done
  return 1
}

# step NAME COMMAND… runs one step, shows and keeps its output, and remembers whether and how fast it ended.
step() {
  local name=$1 begun=$SECONDS state=passed; shift
  say "" "=== $name"
  if "$@" 2>&1 | tee "$logs/$name.log"; then :; else state=failed; fi
  local took=$((SECONDS - begun))
  table+=("$(printf '%-22s %6s  %d:%02d' "$name" "$state" $((took / 60)) $((took % 60)))")
  say "=== $name: $state in $((took / 60)):$(printf %02d $((took % 60))) minutes"
  [ $state = passed ]
}

# A step that is one check. Always succeeds, so that the list goes on.
check() {
  if step "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); closing+=("$1 failed, its last lines:" "$(tail -n 6 "$logs/$1.log")"); fi
}

# The names of the tests that failed or were flaky in step $1: nextest's, Playwright's (below its count of them) and REST's.
names() {
  sed 's/\x1b\[[0-9;]*m//g' "$logs/$1.log" | awk '
    { name = "" }
    /^ +(FAIL|TIMEOUT|ABORT|SIG[A-Z]+|XFAIL|FLAKY [0-9\/]+) +\[/ { name = $0; sub(/ +\[[^]]*\]( +\([^)]*\))? +/, " ", name) }
    /^  [0-9]+ (failed|flaky|interrupted)$/ { below = $2 }
    below && /^    [^ ].*:[0-9]+:[0-9]+ › / { name = below ":" $0; sub(/ (─)+ *$/, "", name) }
    /^REST failed: / { name = $0 }
    name && !seen[name]++ { sub(/^ +/, "", name); gsub(/  +/, " ", name); if (++n <= 20) print "  " name }
    END { if (n > 20) print "  and " n - 20 " more" }'
}

# The number in front of word $2 in text $1, or 0.
count() { grep -oE "[0-9]+ $2" <<<"$1" | tail -n 1 | grep -oE '^[0-9]+' || echo 0; }

# A step whose runner counts tests: $2 is the pattern of its closing lines. A runner that ends badly without having counted
# a failure is one failure.
tests() {
  local name=$1 pattern=$2 ended=0; shift 2
  step "$name" "$@" || ended=1
  local lines bad
  lines=$(sed 's/\x1b\[[0-9;]*m//g' "$logs/$name.log" | grep -E "$pattern" || true)
  bad=$(($(count "$lines" failed) + $(count "$lines" 'timed out') + $(count "$lines" 'did not run') + $(count "$lines" interrupted)))
  closing+=("$name:" "$lines" "$(names "$name")")
  if [ $ended = 1 ] && [ $bad = 0 ]; then
    bad=1
    closing+=("$(tail -n 6 "$logs/$name.log")")
  fi
  passed=$((passed + $(count "$lines" passed)))
  failed=$((failed + bad))
  return $ended
}

finish() {
  say "" "Steps, with minutes:"
  printf '  %s\n' "${table[@]}"
  [ ${#closing[@]} -eq 0 ] || printf '%s\n' "" "${closing[@]}" | sed '1!{/^$/d}'
  printf '\n%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" = 0 ]
}

lint_browser_half() {
  local cargo
  cargo=$(wasm_cargo) && $cargo clippy --package hydrate --package assist --package app --package domain --features app/hydrate --target "$wasm_target" -- -D warnings
}

rustdoc() { RUSTDOCFLAGS="-D warnings -A rustdoc::private-intra-doc-links -A rustdoc::bare-urls" cargo doc --workspace --no-deps --document-private-items; }

# Known vulnerabilities of what Cargo.lock names. Their list is a git repository: with neither a network nor an earlier copy
# there is nothing to check by, and that is said and counted neither as passed nor as failed.
advisories() {
  timeout 60 cargo deny fetch db >"$logs/advisories-fetch.log" 2>&1 || true
  if compgen -G "${CARGO_HOME:-$HOME/.cargo}/advisory-dbs/*/crates" >/dev/null; then
    check advisories cargo deny --offline check advisories
  else
    say "" "=== advisories: not checked, the RustSec database is out of reach and there is no earlier copy of it"
    table+=("$(printf '%-22s %6s' advisories "not checked")")
  fi
}

# docs/deploy.md, followed. Whoever may not make machines is told so, and it counts neither as passed nor as failed.
deploy() {
  if unshare --mount --net --pid --uts --ipc --fork true 2>/dev/null; then
    check deploy scripts/test-deploy.sh "$TERRACE_TARGET/debug/terrace"
  else
    say "" "=== deploy: not checked, only root may make the machines that docs/deploy.md speaks of"
    table+=("$(printf '%-22s %6s' deploy "not checked")")
  fi
}

browser_types() { tsc --project end2end --noEmit; }

browser_tests() {
  export TERRACE_BINARY=$PWD/target/release/terrace TERRACE_CHROMIUM=${TERRACE_CHROMIUM:-$(command -v chromium)}
  cd end2end && playwright test
}

if ! step set-up scripts/setup.sh test; then
  failed=1
  finish || exit 1
fi

if in_part lint; then
  check format cargo fmt --all --check
  check lint-native cargo clippy --workspace --all-targets -- -D warnings
  check lint-browser lint_browser_half
  check documentation rustdoc
  check licences cargo deny --offline check bans licenses sources
  advisories
  check unused-dependencies cargo machete
  check browser-test-types browser_types
fi

if in_part rust; then
  tests rust '^ +Summary \[' cargo nextest run --workspace --no-fail-fast || true
  # One suite on both databases. All of the workspace is named, so that what was just built is what runs.
  tests rust-postgres '^ +Summary \[' env TERRACE_TEST_DATABASE=postgres \
    cargo nextest run --workspace --no-fail-fast -E 'package(engine)' || true
fi

if in_part faults; then
  # Part of what `make chaos` breaks, with the binary that the documentation is tried with afterwards.
  check chaos scripts/chaos.sh short node database failover page
  deploy
fi

if in_part browser rest; then
  if step build scripts/build.sh; then
    passed=$((passed + 1))
    check weight node scripts/weigh.mjs target/site
    if in_part rest; then tests rest '^REST: ' scripts/test-rest.sh || true; fi
    if in_part browser; then tests browser '^ +[0-9]+ (passed|failed|flaky|skipped|did not run|interrupted)' browser_tests || true; fi
  else
    failed=$((failed + 1))
    closing+=("build failed, its last lines:" "$(tail -n 6 "$logs/build.log")")
    say "The browser and REST tests did not run: there is no binary to test."
  fi
fi

finish
