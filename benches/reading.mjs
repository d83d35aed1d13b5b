// How long the reader's wasm takes for the paste of benches/reading.rs, beside what serde_yaml takes
// natively to parse it. Run by hand, behind `cargo bench --bench reading` and a build of the page:
//
//   node benches/reading.mjs [dist]
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const dist = resolve(process.argv[2] ?? "dist");
const { default: init, answer } = await import(pathToFileURL(join(dist, "reader.js")));
await init({ module_or_path: readFileSync(join(dist, "reader_bg.wasm")) });

const text = readFileSync("target/reading.yaml");
const plain = Number(readFileSync("target/reading.ms", "utf8"));
// `Request::Read` in borsh: its number, the length, the bytes.
const question = new Uint8Array(5 + text.length);
new DataView(question.buffer).setUint32(1, text.length, true);
question.set(text, 5);

let best = Infinity;
for (let run = 0; run < 5; run += 1) {
  const started = performance.now();
  answer(question);
  best = Math.min(best, performance.now() - started);
}
console.log(
  `${text.length} bytes: the reader's wasm takes ${best.toFixed(0)} ms, ` +
    `${(best / plain).toFixed(2)} times serde_yaml's plain parse (native, ${plain.toFixed(0)} ms)`,
);
