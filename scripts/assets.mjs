// What Trunk leaves to be done to the page, as a hook of its (Trunk.toml): its wasm is split, the
// editor of manifests (www/editor/) is bundled into one module, and a release page's files are
// minified where Trunk has put them, without changing their names.

import { createHash } from 'node:crypto';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { build, transform } from 'esbuild';
import { split } from './split.mjs';

const { TRUNK_PROFILE, TRUNK_STAGING_DIR: staging } = process.env;
const NOTICE =
  '/*! With CodeMirror and Lezer, MIT License, Copyright (C) Marijn Haverbeke and others: https://codemirror.net */';

const isRelease = TRUNK_PROFILE === 'release';
await split(staging, isRelease ? 'web' : 'debug');
if (isRelease) await minify();
// Last, for the notice of what is in it has to stay.
await bundle();

async function minify() {
  await joinStyles();
  const entries = await readdir(staging, { recursive: true, withFileTypes: true });
  await Promise.all(
    entries
      .filter((entry) => entry.isFile() && extname(entry.name) === '.js')
      .map(async ({ parentPath, name }) => {
        const path = join(parentPath, name);
        await writeFile(path, await minified(path, 'js'));
      }),
  );
}

/** The page's style sheets as one, which compresses better; and the page without its comments. */
async function joinStyles() {
  const page = join(staging, 'index.html');
  let html = (await readFile(page, 'utf8')).replace(/\s*<!--.*?-->/gs, '');
  const links = [...html.matchAll(/<link rel="stylesheet" href="\.\/([^"]+\.css)"[^>]*>/g)];
  const sheets = await Promise.all(links.map(([, name]) => minified(join(staging, name), 'css')));
  await Promise.all(links.map(([, name]) => rm(join(staging, name))));
  const joined = sheets.join('');
  const name = `style-${createHash('sha256').update(joined).digest('hex').slice(0, 16)}.css`;
  await writeFile(join(staging, name), joined);
  links.forEach(([link], at) => {
    html = html.replace(link, at === 0 ? `<link rel="stylesheet" href="./${name}">` : '');
  });
  await writeFile(page, html.replace(/\n\s*/g, '\n'));
}

async function minified(path, loader) {
  const options = { loader, minify: true, charset: 'utf8', legalComments: 'none', sourcefile: path };
  return (await transform(await readFile(path, 'utf8'), options)).code;
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
