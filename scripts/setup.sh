#!/usr/bin/env bash
# Installs what is missing and leaves alone what is there: safe to run again, asks nothing.
#   scripts/setup.sh build   what a release binary needs: the browser's standard library, wasm-bindgen, sass, wasm-opt
#   scripts/setup.sh test    that, and what the checks and tests need
#   scripts/setup.sh count   what counting instructions needs besides a compiler
#   scripts/setup.sh pyramid what cutting tiles is compared with: libvips
#   scripts/setup.sh chaos   what breaking things needs besides a compiler: PostgreSQL, HAProxy, an S3 server, another clock
source "$(dirname "$0")/env.sh"
purpose=${1:-test}

mkdir -p "$TERRACE_CACHE"
exec 9>"$TERRACE_CACHE/setup.lock"
flock 9

have cargo || fail "Terrace is built with Rust 1.94 or newer, and there is no cargo here: install Rust from https://rustup.rs first."
rust_minor=$(rustc --version | sed -E 's/^rustc 1\.([0-9]+).*/\1/')
[ "$rust_minor" -ge 94 ] || fail "Terrace needs Rust 1.94 or newer, and this is $(rustc --version): run rustup update stable."
have node && have npm || fail "Terrace needs Node 20 or newer with npm to build its site: install Node first."
node_major=$(node -p 'process.versions.node.split(".")[0]')
[ "$node_major" -ge 20 ] || fail "Terrace needs Node 20 or newer, and this is $(node --version): install a newer Node."

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif have sudo && sudo -n true 2>/dev/null; then sudo "$@"
  else return 1; fi
}

updated=
# Debian packages, only those that are missing; $1 says in the refusal what they are for.
debian_packages() {
  local purpose=$1 name; shift
  local missing=()
  for name in "$@"; do
    dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  have apt-get || fail "$purpose needs these Debian packages or their like, and there is no apt-get here: ${missing[*]}."
  say "Installing ${missing[*]}"
  if [ -z "$updated" ]; then
    as_root apt-get update -qq || fail "$purpose needs ${missing[*]}, and apt-get update did not work: run it as root, then try again."
    updated=yes
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${missing[@]}" >"$TERRACE_CACHE/apt.log" 2>&1 ||
    fail "$purpose needs ${missing[*]}, and apt-get could not install them: $(tail -n 1 "$TERRACE_CACHE/apt.log")"
}

# A cargo tool of one exact version ($2) below $TERRACE_CACHE/$3, unless $4 is already there; what follows goes to cargo. Its
# own target folder, so that it shares no flags with the workspace. No --locked where a tool does without it, since a
# mirror may lag behind a tool's lock file.
cargo_tool() {
  local name=$1 version=$2 folder=$3 made=$4; shift 4
  [ -x "$made" ] && return 0
  say "Installing $name $version (minutes)"
  CARGO_TARGET_DIR=$TERRACE_CACHE/tools-target cargo install --quiet --debug "$@" --root "$TERRACE_CACHE/$folder" --version "$version" "$name" \
    >"$TERRACE_CACHE/$name.log" 2>&1 || fail "Could not install $name $version: $(grep -m 1 '^error' "$TERRACE_CACHE/$name.log" || tail -n 1 "$TERRACE_CACHE/$name.log")"
}

# The browser's standard library: from rustup, or where its servers are out of reach built from Debian's source of it.
browser_std() {
  if [ "$TERRACE_WASM" != debian ] && has_wasm_std "$(rustc --print sysroot)"; then return 0; fi
  if [ "$TERRACE_WASM" != debian ] && have rustup; then
    say "Adding the target $wasm_target"
    timeout 120 rustup target add "$wasm_target" >"$TERRACE_CACHE/rustup.log" 2>&1 && return 0
  fi
  [ "$TERRACE_WASM" != rustup ] || fail "rustup could not add $wasm_target: $(tail -n 1 "$TERRACE_CACHE/rustup.log")"
  have rustup && have apt-get || fail "The browser half needs the Rust target $wasm_target: neither rustup's servers nor Debian's packages are in reach."
  debian_packages "The browser half, with rustup's servers out of reach," rustc-web cargo-web rust-web-src rust-web-llvm
  local linker
  linker=$(basename "$(readlink /usr/bin/rust-lld || true)")
  [ -n "$linker" ] && debian_packages "Linking the browser half" "$linker"
  [ "$purpose" = build ] || debian_packages "Checking the browser half" rust-web-clippy
  local version built work folder=/usr/lib/rustlib/$wasm_target/lib
  version=$(/usr/bin/rustc --version | cut -d ' ' -f 2)
  built=$TERRACE_CACHE/std-$version
  if [ ! -d "$built" ]; then
    say "Building the standard library for $wasm_target (minutes)"
    work=$(mktemp -d)
    mkdir "$work/src"
    printf '[package]\nname = "empty"\nedition = "2021"\n' >"$work/Cargo.toml"
    : >"$work/src/lib.rs"
    # The bitcode is what link-time optimisation of the site's module works on.
    (cd "$work" && env -u RUSTUP_TOOLCHAIN RUSTFLAGS=-Cembed-bitcode=yes CARGO_TARGET_DIR="$work/target" RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc \
      /usr/bin/cargo build --quiet --release --target "$wasm_target" -Zbuild-std=std,panic_abort,proc_macro) >"$TERRACE_CACHE/std.log" 2>&1 ||
      fail "Debian's rustc could not build the standard library for $wasm_target: $(tail -n 1 "$TERRACE_CACHE/std.log")"
    rm -f "$work/target/$wasm_target/release/deps/"libempty-*.rlib
    mkdir "$built.new"
    cp "$work/target/$wasm_target/release/deps/"*.rlib "$built.new/"
    mv "$built.new" "$built"
    rm -rf "$work" "${TERRACE_TARGET:?}/$wasm_target" # what was compiled against an earlier build of it
  fi
  if ! diff -rq "$built" "$folder" >/dev/null 2>&1; then
    { as_root mkdir -p "$folder" && as_root find "$folder" -name '*.rlib' -delete && as_root cp "$built/"*.rlib "$folder/"; } ||
      fail "Could not write the standard library to $folder: run as root, then try again."
  fi
  rustup toolchain link debian-web /usr >>"$TERRACE_CACHE/rustup.log" 2>&1
}

# Node packages of this clone, again only when the lock file has changed.
node_packages() {
  local wanted
  wanted=$(sha256sum package-lock.json)
  [ "$(cat node_modules/.terrace-lock 2>/dev/null)" = "$wanted" ] && return 0
  say "Installing Node packages"
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >"$TERRACE_CACHE/npm.log" 2>&1 ||
    fail "Could not install the Node packages of package-lock.json: $(grep -m 1 'npm error' "$TERRACE_CACHE/npm.log" || true)"
  printf '%s' "$wanted" >node_modules/.terrace-lock
}

browser() {
  if [ -z "${TERRACE_CHROMIUM:-}" ] && ! have chromium; then
    debian_packages "The browser tests" chromium
  fi
  # Chinese pictures without these are rows of boxes.
  if ! have fc-list || [ -z "$(fc-list :lang=zh-cn)" ]; then
    debian_packages "The browser tests" fontconfig fonts-noto-cjk fonts-noto-color-emoji
  fi
}

# The tests and measurements start clusters of their own: Debian's, which would run as a service, is not made.
postgres() {
  compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null && return 0
  have initdb && return 0
  debian_packages "The tests on PostgreSQL" postgresql-common
  as_root sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf ||
    fail "Could not keep Debian from making a PostgreSQL cluster: run this as root."
  debian_packages "The tests on PostgreSQL" postgresql
}

# PgBouncer keeps prepared statements in transaction mode from 1.21 on. Debian 12 has an older one: then it is built from the
# source of Debian 13, without TLS.
pooler() {
  local made=$TERRACE_CACHE/pgbouncer/bin/pgbouncer found
  for found in "$made" /usr/sbin/pgbouncer; do
    [ -x "$found" ] || continue
    printf '1.21\n%s\n' "$("$found" -V | sed -n 's/^PgBouncer //p')" | sort -V -C && return 0
  done
  have apt-get || fail "The test behind PgBouncer needs version 1.21 or newer of it, and there is no apt-get here."
  debian_packages "Building PgBouncer" gcc libc6-dev make pkg-config libevent-dev
  say "Building PgBouncer"
  local work
  work=$(mktemp -d)
  mkdir -p "$work/lists/partial" "$work/source"
  # From where this system has its own packages.
  local mirror
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m 1 -E '/debian/?$' || true)
  [ -n "$mirror" ] || fail "The test behind PgBouncer needs version 1.21 or newer of it, and apt-get knows no mirror of Debian."
  echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$work/sources.list"
  local options=(-qq -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State::lists=$work/lists"
    -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=)
  (
    apt-get "${options[@]}" update && (cd "$work" && apt-get "${options[@]}" source --download-only pgbouncer) &&
      tar -xf "$work"/pgbouncer_*.orig.tar.gz -C "$work/source" --strip-components 1 && cd "$work/source" &&
      ./configure --prefix="$TERRACE_CACHE/pgbouncer" --without-openssl --without-cares && make -s && make -s install
  ) >"$TERRACE_CACHE/pgbouncer.log" 2>&1 || fail "Could not build PgBouncer: $(tail -n 1 "$TERRACE_CACHE/pgbouncer.log")"
  rm -rf "$work"
}

fuzzer() {
  local wanted=schemathesis==4.32.5
  [ "$(cat "$TERRACE_CACHE/python/terrace" 2>/dev/null)" = $wanted ] && [ -x "$python/schemathesis" ] && return 0
  if ! { have python3 && python3 -c 'import venv, ensurepip' 2>/dev/null; }; then
    debian_packages "The test of the REST interface" python3 python3-venv
  fi
  say "Installing $wanted"
  rm -rf "$TERRACE_CACHE/python"
  { python3 -m venv "$TERRACE_CACHE/python" && "$python/pip" install --quiet $wanted; } >"$TERRACE_CACHE/python.log" 2>&1 ||
    fail "Could not install $wanted: $(tail -n 1 "$TERRACE_CACHE/python.log")"
  printf '%s' $wanted >"$TERRACE_CACHE/python/terrace"
}

# An S3 server for the tests of the object store.
bucket_server() {
  local wanted='moto[server]==5.2.5'
  [ "$(cat "$TERRACE_CACHE/moto/terrace" 2>/dev/null)" = "$wanted" ] && [ -x "$TERRACE_CACHE/moto/bin/moto_server" ] && return 0
  if ! { have python3 && python3 -c 'import venv, ensurepip' 2>/dev/null; }; then
    debian_packages "The test of the object store" python3 python3-venv
  fi
  say "Installing $wanted"
  rm -rf "$TERRACE_CACHE/moto"
  { python3 -m venv "$TERRACE_CACHE/moto" && "$TERRACE_CACHE/moto/bin/pip" install --quiet "$wanted"; } >"$TERRACE_CACHE/moto.log" 2>&1 ||
    fail "Could not install $wanted: $(tail -n 1 "$TERRACE_CACHE/moto.log")"
  printf '%s' "$wanted" >"$TERRACE_CACHE/moto/terrace"
}

# Debian's service of HAProxy listens nowhere before it is told to.
several_nodes() {
  have haproxy || debian_packages "The test of several nodes" haproxy
  have ip || debian_packages "The test of docs/deploy.md" iproute2
  local tool
  for tool in curl jq openssl; do have $tool || debian_packages "The test of docs/deploy.md" $tool; done
}

if [ "$purpose" = chaos ]; then
  postgres
  several_nodes
  debian_packages "The test of clocks that differ" libfaketime
  bucket_server
  exit 0
fi

if [ "$purpose" = count ]; then
  have valgrind || debian_packages "Counting instructions" valgrind
  exit 0
fi

if [ "$purpose" = pyramid ]; then
  have vips || debian_packages "Comparing with vips dzsave" libvips-tools
  exit 0
fi

have cc || debian_packages "Building Terrace" gcc libc6-dev
browser_std
cargo_tool wasm-bindgen-cli "$bindgen_version" "wasm-bindgen-$bindgen_version" "$bindgen"
node_packages
[ "$purpose" = build ] && exit 0

have cargo-nextest || cargo_tool cargo-nextest 0.9.143 cargo "$TERRACE_CACHE/cargo/bin/cargo-nextest" --locked
have cargo-machete || cargo_tool cargo-machete 0.9.2 cargo "$TERRACE_CACHE/cargo/bin/cargo-machete"
have cargo-deny || cargo_tool cargo-deny 0.20.2 cargo "$TERRACE_CACHE/cargo/bin/cargo-deny"
# So that the licence check, which looks at every crate, works without a network.
cargo fetch --quiet || fail "Could not fetch the crates of Cargo.lock."
browser
postgres
pooler
several_nodes
fuzzer
bucket_server
rm -rf "$TERRACE_CACHE/tools-target"
