#!/usr/bin/env bash
# Builds everything that a browser loads into target/site: modules, scripts and style sheet under pkg/ with the hash of their
# content in their names, the files of public/ beside them, and a brotli twin (.br) of each file that gets smaller by it.
# There are four modules: `terrace` has every page, `picture` only those of an annotator's day, `work` of these only what texts
# need (app/src/module.rs); `assist` runs in a worker and helps with drawing; it is optimised for speed, here and with --fast.
#   --fast   unoptimised, uncompressed and without the smaller modules, for work on the pages: point TERRACE_SITE at target/site
source "$(dirname "$0")/env.sh"
fast=
[ "${1:-}" = --fast ] && fast=yes
profile=wasm-release
[ -n "$fast" ] && profile=dev
cargo=$(wasm_cargo) || fail "No Rust toolchain here can compile for the browser: run scripts/setup.sh build."
[ -x "$bindgen" ] || fail "wasm-bindgen $bindgen_version is missing: run scripts/setup.sh build."

# Modules are linked anew at each build, since they take turns under one name, and that is minutes: a site that follows from the
# same files and tools is taken from the cache.
kept=
if [ -z "$fast" ]; then
  follows=$({ ${cargo/cargo/rustc} --version && find app crates/domain style public .cargo Cargo.toml Cargo.lock package-lock.json \
    scripts/build-site.sh scripts/compress.mjs -type f -print0 | sort -z | xargs -0 sha256sum; } | sha256sum | cut -c 1-32)
  kept=$TERRACE_CACHE/sites/$follows
  if [ -d "$kept" ]; then
    # An untouched site leaves the server's binary as it is.
    if ! diff -rq "$kept" "$site" >/dev/null 2>&1; then
      rm -rf "$site" "$site.made-from"
      mkdir -p "$(dirname "$site")"
      cp -R "$kept" "$site"
    fi
    exit 0
  fi
fi

folder=$profile
[ "$profile" = dev ] && folder=debug
modules=$TERRACE_TARGET/$wasm_target/$folder
declare -A features=([work]= [picture]=--features=image [terrace]=--features=all-pages)
names=(terrace)
[ -n "$fast" ] || names=(work picture terrace)
for name in "${names[@]}"; do
  $cargo build --package hydrate --target "$wasm_target" --profile "$profile" ${features[$name]}
  cmp -s "$modules/hydrate.wasm" "$modules/$name.wasm" || cp "$modules/hydrate.wasm" "$modules/$name.wasm"
done

$cargo build --package assist --target "$wasm_target" --profile wasm-assist
names+=(assist)
cmp -s "$TERRACE_TARGET/$wasm_target/wasm-assist/assist.wasm" "$modules/assist.wasm" ||
  cp "$TERRACE_TARGET/$wasm_target/wasm-assist/assist.wasm" "$modules/assist.wasm"

# The rest takes a while and follows from these files alone; and an untouched site leaves the server's binary as it is.
files=("${names[@]/#/$modules/}")
files=("${files[@]/%/.wasm}")
made_from=$(find "${files[@]}" app/assist/worker.js style public scripts/build-site.sh scripts/compress.mjs package-lock.json -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)
# Only the newest is kept in the cache.
keep() {
  [ -n "$kept" ] || return 0
  rm -rf "$TERRACE_CACHE/sites"
  mkdir -p "$TERRACE_CACHE/sites"
  cp -R "$site" "$kept.new"
  mv "$kept.new" "$kept"
}
if [ -d "$site" ] && [ "$(cat "$site.made-from" 2>/dev/null)" = "$made_from $profile" ]; then keep; exit 0; fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for name in "${names[@]}"; do
  # A worker is one classic script: older browsers know no others.
  target=web
  [ "$name" = assist ] && target=no-modules
  "$bindgen" --target "$target" --no-typescript --out-name "$name" --out-dir "$work/pkg" "$modules/$name.wasm"
  [ "$name" = assist ] && cat app/assist/worker.js >>"$work/pkg/assist.js"
  if [ -z "$fast" ]; then
    # Not --all-features: it writes what browsers cannot read.
    size=-Oz
    [ "$name" = assist ] && size=-O3
    wasm-opt $size --strip-debug --strip-producers --enable-bulk-memory --enable-reference-types --enable-nontrapping-float-to-int --enable-sign-ext \
      --enable-mutable-globals --enable-multivalue "$work/pkg/${name}_bg.wasm" -o "$work/optimised.wasm"
    mv "$work/optimised.wasm" "$work/pkg/${name}_bg.wasm"
  fi
done
sass --no-source-map --style=compressed style/main.scss "$work/pkg/terrace.css"

# One hash for all: the server asks for them by one name.
hash=$(cat "$work"/pkg/*.js "$work"/pkg/*.wasm "$work/pkg/terrace.css" | sha256sum | cut -c 1-16)
for name in "${names[@]}"; do
  mv "$work/pkg/$name.js" "$work/pkg/$name.$hash.js"
  mv "$work/pkg/${name}_bg.wasm" "$work/pkg/$name.${hash}_bg.wasm"
done
mv "$work/pkg/terrace.css" "$work/pkg/terrace.$hash.css"
cp -R public/. "$work/"
[ -n "$fast" ] || node scripts/compress.mjs "$work"

rm -rf "$site" "$site.made-from"
mkdir -p "$(dirname "$site")"
chmod 755 "$work"
cp -R "$work" "$site"
printf '%s' "$made_from $profile" >"$site.made-from"
keep
