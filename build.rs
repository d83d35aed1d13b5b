//! The page's wasm is split after it is linked (`scripts/split.mjs`), and for that its linker
//! must leave the relocations in it.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32") {
        println!("cargo::rustc-link-arg-bin=playground=--emit-relocs");
    }
}
