//! How long a paste of 3 MiB takes to read (YAML, decoding, defaults, validation), beside what
//! serde_yaml takes to parse it alone. Run by hand: `cargo bench --bench reading`, then
//! `node benches/reading.mjs` for the reader's wasm, which reads the text that this leaves in
//! `target/reading.yaml`. Compared as ratios, never asserted.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods)]

use daemonset_playground::api::manifest::{MAX_TEXT_BYTES, read};
use divan::Bencher;
use divan::counter::BytesCount;
use serde::Deserialize;
use std::hint::black_box;
use std::time::{Duration, Instant};

fn main() {
    let text = paste();
    let reading = read(&text);
    assert!(!reading.has_errors(), "{:?}", reading.problems.first());
    let (plain, whole) = (best_of_five(|| parse(&text)), best_of_five(|| drop(black_box(read(&text)))));
    let ratio = whole.as_secs_f64() / plain.as_secs_f64();
    println!(
        "{} objects in {} bytes: serde_yaml parses in {plain:?}, all is read in {whole:?}: {ratio:.2} times that",
        reading.objects.len(),
        text.len()
    );
    std::fs::create_dir_all("target").unwrap();
    std::fs::write("target/reading.yaml", &text).unwrap();
    std::fs::write("target/reading.ms", format!("{}", plain.as_secs_f64() * 1e3)).unwrap();
    divan::main();
}

/// DaemonSets and what comes with them, up to the limit: as many values as may be, and scripts.
fn paste() -> String {
    let agent = include_str!("../src/app/presets/fluentd.yaml").trim_end();
    let mut text = String::new();
    for number in 0.. {
        let set = agent.replace("name: fluentd\n", &format!("name: agent-{number}\n"));
        let mut lines = String::new();
        for line in 0..200 {
            lines += &format!("    echo \"{line}: of agent {number}\" >> /var/log/agent.log # é\n");
        }
        let part = format!(
            "{set}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: agent-{number}\ndata:\n  run.sh: |\n{lines}---\n"
        );
        if text.len() + part.len() > MAX_TEXT_BYTES {
            break;
        }
        text += &part;
    }
    text
}

fn parse(text: &str) {
    for document in serde_yaml::Deserializer::from_str(text) {
        black_box(serde_yaml::Value::deserialize(document).unwrap());
    }
}

fn best_of_five(mut work: impl FnMut()) -> Duration {
    let times = (0..5).map(|_| {
        let started = Instant::now();
        work();
        started.elapsed()
    });
    times.min().unwrap()
}

#[divan::bench(sample_count = 10)]
fn parses_alone(bencher: Bencher) {
    let text = paste();
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| parse(&text));
}

#[divan::bench(sample_count = 10)]
fn reads(bencher: Bencher) {
    let text = paste();
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| read(&text));
}
