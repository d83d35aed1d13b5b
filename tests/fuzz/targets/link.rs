//! Fuzzes `bodies::link`.
#![no_main]

#[path = "../bodies.rs"]
#[allow(dead_code)]
mod bodies;

libfuzzer_sys::fuzz_target!(|text: &[u8]| bodies::link(&String::from_utf8_lossy(text)));
