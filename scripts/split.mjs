// Splits the page's wasm, as the linker left it (build.rs), into what the first frame needs and
// what `src/ui/app/later.rs` leads to, and makes the page's JavaScript anew: Trunk has made it
// of the whole.

import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LOADER = '__wasm_split.js';

/** @param staging Trunk's folder. @param profile Cargo's folder of the profile. */
export async function split(staging, profile) {
  const names = await readdir(staging);
  const name = names.map((file) => file.match(/^(playground-([0-9a-f]+))\.js$/)).find(Boolean);
  if (!name) throw new Error(`found no playground-….js in ${staging}`);
  const [, page, build] = name;
  const linked = join(process.env.CARGO_TARGET_DIR ?? 'target', 'wasm32-unknown-unknown', profile, 'playground.wasm');

  const parts = await mkdtemp(join(tmpdir(), 'split-'));
  run('wasm-split-cli', ['--target', 'web', '--out-name', page, linked, parts]);
  const main = join(parts, `${page}.wasm`);
  // The parts share the table of functions, which the linker exports.
  run('wasm-bindgen', ['--target', 'web', '--no-typescript', '--keep-lld-exports', '--out-dir', staging, '--out-name', page, main]);
  await rm(main);

  // The files' names are the same in every build, so their addresses take over the page's digest.
  for (const file of await readdir(parts)) await rename(join(parts, file), join(staging, file));
  for (const file of [`${page}.js`, LOADER]) {
    const path = join(staging, file);
    const code = await readFile(path, 'utf8');
    await writeFile(path, code.replace(/((?:from |new URL\()"\.\/(?:__wasm_split\.js|split_\w+\.wasm))"/g, `$1?${build}"`));
  }
  await rm(parts, { recursive: true });
}

function run(tool, args) {
  execFileSync(tool, args, { stdio: ['ignore', 'inherit', 'inherit'] });
}
