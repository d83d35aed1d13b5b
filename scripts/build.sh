#!/usr/bin/env bash
# Builds the release page into dist/, unless what it is built from is unchanged.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

STAMP=target/page.stamp

# Every file of the checkout but those that can not reach the page.
sources_digest() {
    local file
    git ls-files --cached --others --exclude-standard -z -- . ':!:docs' ':!:tests' ':!:*.md' |
        while IFS= read -r -d '' file; do
            # A file may be deleted and not yet committed as such.
            [[ ! -f $file ]] || printf '%s\0' "$file"
        done | xargs -0 sha256sum | sha256sum
}

# The wasm names source files in its panic messages. Without these it would
# hold this machine's paths, and no two machines would build the same bytes.
# (Encoded flags may hold spaces; they also win over RUSTFLAGS, which would
# make a page of its own.)
path_flags() {
    printf -- '--remap-path-prefix=%s=%s\x1f' \
        "$ROOT" /playground \
        "${CARGO_HOME:-$HOME/.cargo}" /cargo
    printf -- '--remap-path-prefix=%s=%s' "$(rustc --print sysroot)" /rust
}

build() {
    local flags
    flags=$(path_flags)
    # Trunk 0.21 takes NO_COLOR for an option and stops at "1".
    env -u NO_COLOR CARGO_ENCODED_RUSTFLAGS="$flags" trunk build --release
}

digest=$(sources_digest)
if [[ -f dist/index.html && -f $STAMP && $(<"$STAMP") == "$digest" ]]; then
    say "release page: dist/ is up to date"
    exit 0
fi
rm -f "$STAMP"
timed "release page into dist/" build
mkdir -p target
printf '%s\n' "$digest" >"$STAMP"
