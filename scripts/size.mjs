// The first-load budget: what a visitor downloads before the page works, which
// is index.html and the JS, CSS and wasm it loads, as a good static host sends
// them (brotli 11). What the page loads later does not count.
//
//   node scripts/size.mjs [dist]

import { readFileSync, readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const BUDGET_BYTES = 300_000;
const root = process.argv[2] ?? 'dist';

/** Files of ours that `path` loads at once; a dynamic `import()` is for later. */
function loadsAtOnce(path, text) {
  let found = [];
  if (path.endsWith('.html')) {
    found = text.matchAll(/\s(?:src|href|data-js|data-wasm)=["']?([^"'\s>]+\.(?:js|mjs|css|wasm))["'\s>]/g);
  } else if (/\.m?js$/.test(path)) {
    found = text.matchAll(/^\s*(?:import|export)\b[^'"();]*['"](\.{1,2}\/[^'"?]+)(?:\?[^'"]*)?['"]/gm);
  } else if (path.endsWith('.css')) {
    found = text.matchAll(/@import\s+(?:url\()?['"]?([^'")]+)/g);
  }
  // Trunk writes addresses from the page's base, which is `/`, `./` or a sub-path.
  return [...found].map(([, url]) => posix.join(posix.dirname(path), url.replace(/^\//, '')));
}

function sizeOf(bytes) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return { raw: bytes.length, brotli: brotliCompressSync(bytes, { params }).length };
}

const sizes = new Map();
const queue = ['index.html'];
while (queue.length > 0) {
  const path = queue.shift();
  if (sizes.has(path)) continue;
  const bytes = readFileSync(posix.join(root, path));
  sizes.set(path, sizeOf(bytes));
  if (!path.endsWith('.wasm')) queue.push(...loadsAtOnce(path, bytes.toString('utf8')));
}

const number = (n) => n.toLocaleString('en').padStart(10);
const row = (name, raw, brotli) => console.log(`${name.padEnd(50)}${raw}${brotli}`);
const total = { raw: 0, brotli: 0 };
row('first load, bytes', 'raw'.padStart(10), 'brotli 11'.padStart(10));
for (const [path, size] of sizes) {
  row(path, number(size.raw), number(size.brotli));
  total.raw += size.raw;
  total.brotli += size.brotli;
}
row('total', number(total.raw), number(total.brotli));

const later = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => posix.relative(root, posix.join(entry.parentPath, entry.name)))
  .filter((path) => !sizes.has(path));
row('loaded later', ''.padStart(10), ''.padStart(10));
for (const path of later) {
  const size = sizeOf(readFileSync(posix.join(root, path)));
  row(path, number(size.raw), number(size.brotli));
}

// A page that loads no wasm was not understood by the patterns above.
if (![...sizes.keys()].some((path) => path.endsWith('.wasm'))) {
  console.error('error: found no wasm that index.html loads');
  process.exit(1);
}
const over = total.brotli - BUDGET_BYTES;
if (over > 0) {
  console.error(`error: over the budget of ${number(BUDGET_BYTES).trim()} bytes by ${number(over).trim()}`);
  process.exit(1);
}
console.log(`within the budget of ${number(BUDGET_BYTES).trim()} bytes; ${number(-over).trim()} are left`);
