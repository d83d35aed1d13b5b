#!/usr/bin/env node
// How the engine grows with the cluster, natively and in wasm as the page is built: builds
// both, runs them by turns and prints their least times as ratios. Run by hand:
//
//   node scripts/bench.mjs [TURNS]
import { execFileSync } from "node:child_process";
import { homedir } from "node:os";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "..");
const OUT = path.join(ROOT, "target/bench");
const TARGET = "wasm32-unknown-unknown";

function run(command, args, options = {}) {
  return execFileSync(command, args, { cwd: ROOT, encoding: "utf8", maxBuffer: 1 << 26, ...options });
}

// Builds one artifact and tells where it is.
function build(...args) {
  const messages = run("cargo", ["build", "--locked", "--message-format=json", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const built = messages
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line))
    .filter((message) => message.reason === "compiler-artifact" && message.executable);
  return built.at(-1).executable;
}

const [version] = run("cargo", ["pkgid", "wasm-bindgen"]).match(/[\d.]+\s*$/);
const cache = process.env.XDG_CACHE_HOME ?? path.join(homedir(), ".cache");
const bindgen = path.join(cache, `daemonset-playground/wasm-bindgen-${version.trim()}/bin/wasm-bindgen`);
const native = build("--release", "--bin", "conformance");
const wasm = build("--profile", "web", "--target", TARGET, "--bench", "wasm");
run(bindgen, ["--target", "nodejs", "--out-dir", OUT, "--out-name", "bench", wasm]);

// Least milliseconds by `NAME nodes=N`.
const least = { native: new Map(), wasm: new Map() };
for (let turn = 0; turn < Number(process.argv[2] ?? 2); turn += 1) {
  for (const [kind, text] of [
    ["native", run(native, ["bench", "all"])],
    ["wasm", run("node", [path.join(OUT, "bench.js")])],
  ]) {
    for (const [, key, min] of text.matchAll(/^(\w+ nodes=\d+) .*min_ms=([\d.]+)$/gm)) {
      least[kind].set(key, Math.min(least[kind].get(key) ?? Infinity, Number(min)));
    }
  }
}

console.log("what             native ms     /node     wasm ms   wasm/native");
for (const [key, ms] of [...least.native].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }))) {
  const [, name, nodes] = key.match(/^(\w+) nodes=(\d+)$/);
  const base = least.native.get(`${name} nodes=1000`) / 1000;
  const [growth, wasmMs] = [ms / nodes / base, least.wasm.get(key)];
  const cells = [ms.toFixed(3).padStart(12), growth.toFixed(2).padStart(10), wasmMs.toFixed(3).padStart(12)];
  console.log(`${name.padEnd(8)}${nodes.padStart(6)}${cells.join("")}${(wasmMs / ms).toFixed(2).padStart(14)}`);
}
console.log("/node: time by node, as a ratio to that at 1000 nodes; above 1 it grows faster than the cluster");
