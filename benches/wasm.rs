//! The measurements of `conformance bench all` in wasm, under node; `scripts/bench.mjs` builds
//! and runs it. Natively it does nothing.

#![allow(missing_docs)]

#[cfg(target_arch = "wasm32")]
mod run {
    use daemonset_playground::cli::bench;
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = performance)]
        fn now() -> f64;
        #[wasm_bindgen(js_namespace = console)]
        fn log(line: &str);
    }

    pub fn main() {
        let tell = &mut |line: String| {
            log(&line);
            Ok::<(), ()>(())
        };
        // `log` does not fail.
        let _ = bench::run_all(&bench::SIZES, &now, tell);
    }
}

fn main() {
    #[cfg(target_arch = "wasm32")]
    run::main();
}
