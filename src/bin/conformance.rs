//! Answers conformance vectors on the command line.

fn main() {}
