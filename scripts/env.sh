# Where things live and what is at hand. Sourced by the other scripts, never run.
#
# TERRACE_CACHE   tools and, unless told otherwise, compiled code: outside the clone, so that a second clone is warm
# TERRACE_TARGET  cargo's target folder
# TERRACE_WASM    `rustup` or `debian` insists on one source of the browser's standard library; default: whichever works

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

TERRACE_CACHE=${TERRACE_CACHE:-${HOME:?}/.cache/terrace}
TERRACE_TARGET=${TERRACE_TARGET:-${CARGO_TARGET_DIR:-$TERRACE_CACHE/target}}
TERRACE_WASM=${TERRACE_WASM:-}
export CARGO_TARGET_DIR=$TERRACE_TARGET
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never}
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1

wasm_target=wasm32-unknown-unknown
bindgen_version=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[",]/, "", $3); print $3 }' Cargo.lock)
bindgen=$TERRACE_CACHE/wasm-bindgen-$bindgen_version/bin/wasm-bindgen
python=$TERRACE_CACHE/python/bin
site=$PWD/target/site
PATH=$PWD/node_modules/.bin:$TERRACE_CACHE/cargo/bin:$PATH

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# True when the toolchain at folder $1 can compile for the browser.
has_wasm_std() { compgen -G "$1/lib/rustlib/$wasm_target/lib/libstd-*.rlib" >/dev/null; }

# Prints how to call cargo for the browser half: `cargo`, or Debian's through the name that setup.sh gave it.
wasm_cargo() {
  if [ "$TERRACE_WASM" != debian ] && has_wasm_std "$(rustc --print sysroot)"; then
    echo cargo
  elif [ "$TERRACE_WASM" != rustup ] && has_wasm_std /usr; then
    echo cargo +debian-web
  else
    return 1
  fi
}
