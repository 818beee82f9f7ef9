#!/usr/bin/env bash
# Builds everything that a browser loads into target/site: module, script and style sheet under pkg/ with the hash of their
# content in their names, the files of public/ beside them, and a brotli twin (.br) of each file that gets smaller by it.
#   --fast   unoptimised and uncompressed, for work on the pages: point TERRACE_SITE at target/site
source "$(dirname "$0")/env.sh"
fast=
[ "${1:-}" = --fast ] && fast=yes
profile=wasm-release
[ -n "$fast" ] && profile=dev
cargo=$(wasm_cargo) || fail "No Rust toolchain here can compile for the browser: run scripts/setup.sh build."
[ -x "$bindgen" ] || fail "wasm-bindgen $bindgen_version is missing: run scripts/setup.sh build."

$cargo build --package hydrate --target "$wasm_target" --profile "$profile"

folder=$profile
[ "$profile" = dev ] && folder=debug
module=$TERRACE_TARGET/$wasm_target/$folder/hydrate.wasm

# The rest takes a while and follows from these files alone; and an untouched site leaves the server's binary as it is.
made_from=$(find "$module" style public scripts/build-site.sh scripts/compress.mjs package-lock.json -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)
if [ -d "$site" ] && [ "$(cat "$site.made-from" 2>/dev/null)" = "$made_from $profile" ]; then exit 0; fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$bindgen" --target web --no-typescript --out-name terrace --out-dir "$work/pkg" "$module"
if [ -z "$fast" ]; then
  # Not --all-features: it writes what browsers cannot read.
  wasm-opt -Oz --strip-debug --strip-producers --enable-bulk-memory --enable-reference-types --enable-nontrapping-float-to-int --enable-sign-ext \
    --enable-mutable-globals --enable-multivalue "$work/pkg/terrace_bg.wasm" -o "$work/optimised.wasm"
  mv "$work/optimised.wasm" "$work/pkg/terrace_bg.wasm"
fi
sass --no-source-map --style=compressed style/main.scss "$work/pkg/terrace.css"

# One hash for the three: the server asks for them by one name.
hash=$(cat "$work/pkg/terrace.js" "$work/pkg/terrace_bg.wasm" "$work/pkg/terrace.css" | sha256sum | cut -c 1-16)
mv "$work/pkg/terrace.js" "$work/pkg/terrace.$hash.js"
mv "$work/pkg/terrace_bg.wasm" "$work/pkg/terrace.${hash}_bg.wasm"
mv "$work/pkg/terrace.css" "$work/pkg/terrace.$hash.css"
cp -R public/. "$work/"
[ -n "$fast" ] || node scripts/compress.mjs "$work"

rm -rf "$site" "$site.made-from"
mkdir -p "$(dirname "$site")"
chmod 755 "$work"
cp -R "$work" "$site"
printf '%s' "$made_from $profile" >"$site.made-from"
