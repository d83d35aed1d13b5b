// Bundles the editor of manifests (www/editor/) into one module that the page loads behind
// its first frame. A hook of Trunk.toml runs it.

import { join } from 'node:path';
import { build } from 'esbuild';

const { TRUNK_PROFILE, TRUNK_STAGING_DIR: staging } = process.env;

await build({
  entryPoints: ['www/editor/main.js'],
  outfile: join(staging, 'editor.js'),
  bundle: true,
  format: 'esm',
  target: 'es2022',
  charset: 'utf8',
  minify: TRUNK_PROFILE === 'release',
  banner: { js: '/*! With CodeMirror and Lezer, MIT License, Copyright (C) Marijn Haverbeke and others: https://codemirror.net */' },
  logLevel: 'warning',
});
