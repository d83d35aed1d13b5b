# Sourced by the other scripts: pinned tools, where they live, and timed steps.
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$ROOT" || exit

TRUNK_VERSION=0.21.14
WASM_BINDGEN_VERSION=0.2.129 # the same as the wasm-bindgen crate in Cargo.toml
WASM_SPLIT_VERSION=0.2.4 # splits what the wasm_split_helpers crate in Cargo.toml marks
CARGO_DENY_VERSION=0.20.2

# Built tools live outside the checkout, one folder a version, so that every
# clone on this machine shares them and no clone ever builds them twice.
CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/daemonset-playground"
TRUNK_HOME="$CACHE/trunk-$TRUNK_VERSION"
WASM_BINDGEN_HOME="$CACHE/wasm-bindgen-$WASM_BINDGEN_VERSION"
WASM_SPLIT_HOME="$CACHE/wasm-split-$WASM_SPLIT_VERSION"
CARGO_DENY_HOME="$CACHE/cargo-deny-$CARGO_DENY_VERSION"
export PATH="$TRUNK_HOME/bin:$WASM_BINDGEN_HOME/bin:$WASM_SPLIT_HOME/bin:$CARGO_DENY_HOME/bin:$PATH"

say() { printf '==> %s\n' "$*"; }

die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# timed WHAT COMMAND…: says what starts, runs it, says how long it took.
# The command is not run in a condition, so `set -e` stays in force within it.
timed() {
    local what=$1 started=$SECONDS
    shift
    say "$what"
    "$@"
    say "$what: done in $((SECONDS - started)) s"
}
