//! The native program: answers conformance vectors, and writes what is generated.
//!
//! `conformance answer SUITE < vectors.jsonl > answers.jsonl`
//! `conformance bench` (built with `--release`; `conformance bench all` is for scripts/bench.mjs)
//! `conformance fidelity > docs/fidelity.md`
//! `conformance presets > src/app/presets.bin`

use daemonset_playground::app::read_presets;
use daemonset_playground::cli::bench;
use daemonset_playground::cli::conformance::Suite;
use daemonset_playground::cli::fidelity;
use std::io::{self, BufRead, Write};
use std::process::ExitCode;

const USAGE: &str = "usage: conformance answer SUITE < vectors.jsonl\n       conformance bench\n       conformance fidelity\n       conformance presets";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["answer", suite] => Suite::named(suite).and_then(answer),
        ["bench"] => time(|clock, tell| bench::run(&bench::NODES, clock, tell)),
        ["bench", "all"] => time(|clock, tell| bench::run_all(&bench::SIZES, clock, tell)),
        ["fidelity"] => print(fidelity::page().as_bytes()),
        ["presets"] => read_presets().and_then(|presets| print(&presets)),
        _ => Err(USAGE.to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // Nothing is left to tell where stderr is gone too.
            let _ = writeln!(io::stderr(), "{message}");
            ExitCode::FAILURE
        }
    }
}

fn answer(suite: Suite) -> Result<(), String> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for (number, line) in io::stdin().lock().lines().enumerate() {
        let line = line.map_err(|error| error.to_string())?;
        if line.trim().is_empty() {
            continue;
        }
        let answer = suite.answer(&line).map_err(|error| format!("line {}: {error}", number + 1))?;
        writeln!(out, "{answer}").map_err(|error| error.to_string())?;
    }
    out.flush().map_err(|error| error.to_string())
}

type Tell<'a> = &'a mut dyn FnMut(String) -> Result<(), String>;

/// How long things take here, as upstream's sync is told.
#[expect(clippy::disallowed_methods, reason = "it measures this machine, and nothing simulated hangs on it")]
fn time(run: fn(&dyn Fn() -> f64, Tell<'_>) -> Result<(), String>) -> Result<(), String> {
    let started = std::time::Instant::now();
    run(&|| started.elapsed().as_secs_f64() * 1e3, &mut |line| print(format!("{line}\n").as_bytes()))
}

fn print(bytes: &[u8]) -> Result<(), String> {
    io::stdout().write_all(bytes).map_err(|error| error.to_string())
}
