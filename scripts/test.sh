#!/usr/bin/env bash
# Runs every check, cheapest first, and counts what passed.
#
#   scripts/test.sh              all of them
#   scripts/test.sh STEP…        only these: fmt clippy cargo wasm deny build size journeys
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

STEPS=(fmt clippy cargo wasm deny build size journeys)
LOGS=target/test-logs
WASM=wasm32-unknown-unknown

step_fmt() { cargo fmt --check; }

step_clippy() {
    cargo clippy --locked --all-targets -- --deny warnings
    cargo clippy --locked --target "$WASM" --features js --lib --bin playground --bin reader --test wasm -- --deny warnings
}

step_cargo() { cargo test --locked; }

step_wasm() {
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner \
        cargo test --locked --target "$WASM" --features js --test wasm
}

# Advisories need a database from the network, so they are not part of this.
step_deny() { cargo-deny --locked check --hide-inclusion-graph licenses bans sources; }

step_build() { scripts/build.sh; }

step_size() { node scripts/size.mjs dist; }

step_journeys() { npm run --silent journeys; }

# passed STEP: how many tests passed in it; 0 when it was not among the steps.
passed() {
    local log="$LOGS/$1.log" count=0
    if [[ -f $log ]]; then
        if [[ $1 == journeys ]]; then
            count=$(node -p 'JSON.parse(fs.readFileSync("target/journeys.json", "utf8")).stats.expected')
        else
            count=$(awk '/^test result: ok\. / { sum += $4 } END { print sum + 0 }' "$log")
        fi
        ((count > 0)) || die "step $1 ran no test"
    fi
    echo "$count"
}

took=()

run_step() {
    local step=$1 started=$SECONDS status
    say "$step"
    # Not `if step…` or `step… ||`: in a condition `set -e` would not hold
    # within the step, and only its last command would count.
    set +e
    (
        set -e
        "step_$step"
    ) 2>&1 | tee "$LOGS/$step.log"
    status=${PIPESTATUS[0]}
    set -e
    took+=("$(printf '%-10s %5d' "$step" $((SECONDS - started)))")
    if ((status != 0)); then
        if [[ $step == journeys ]]; then failed_journeys; fi
        print_times
        die "step $step failed after $((SECONDS - started)) s; its output is in $LOGS/$step.log"
    fi
    say "$step: passed in $((SECONDS - started)) s"
}

# What failed, once more and in short, at the end: a record of a run may hold only that.
failed_journeys() {
    node scripts/failed-journeys.mjs target/journeys.json || true
}

print_times() {
    say "time of each step, in seconds"
    printf '    %s\n' "${took[@]}"
}

(($# == 0)) || STEPS=("$@")
for step in "${STEPS[@]}"; do
    declare -F "step_$step" >/dev/null || die "no step $step"
done
rm -rf "$LOGS"
mkdir -p "$LOGS"
for step in "${STEPS[@]}"; do run_step "$step"; done

print_times
cargo=$(passed cargo)
wasm=$(passed wasm)
journeys=$(passed journeys)
say "passed: $cargo by cargo test, $wasm in wasm under node, $journeys browser journeys"
printf '%d passed, 0 failed\n' $((cargo + wasm + journeys))
