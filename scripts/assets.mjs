// What Trunk leaves to be done to the page's scripts and style sheets, as a hook of its
// (Trunk.toml): the editor of manifests (www/editor/) is bundled into one module, and a
// release page's files are minified where Trunk has put them, without changing their names.

import { readFile, readdir, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { build, transform } from 'esbuild';

const { TRUNK_PROFILE, TRUNK_STAGING_DIR: staging } = process.env;
const LOADERS = { '.css': 'css', '.js': 'js' };
const NOTICE =
  '/*! With CodeMirror and Lezer, MIT License, Copyright (C) Marijn Haverbeke and others: https://codemirror.net */';

const isRelease = TRUNK_PROFILE === 'release';
if (isRelease) await minify();
// Last, for the notice of what is in it has to stay.
await bundle();

async function minify() {
  const entries = await readdir(staging, { recursive: true, withFileTypes: true });
  await Promise.all(
    entries
      .filter((entry) => entry.isFile() && extname(entry.name) in LOADERS)
      .map(async ({ parentPath, name }) => {
        const path = join(parentPath, name);
        const loader = LOADERS[extname(name)];
        const { code } = await transform(await readFile(path, 'utf8'), {
          loader,
          minify: true,
          charset: 'utf8',
          legalComments: 'none',
          sourcefile: path,
        });
        await writeFile(path, code);
      }),
  );
}

async function bundle() {
  await build({
    entryPoints: ['www/editor/main.js'],
    outfile: join(staging, 'editor.js'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    minify: isRelease,
    banner: { js: NOTICE },
    logLevel: 'warning',
  });
}
