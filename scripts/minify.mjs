// Minifies the scripts and style sheets of a release page where Trunk has put
// them, without changing their names. A hook of Trunk.toml runs it.

import { readFile, readdir, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { transform } from 'esbuild';

const { TRUNK_PROFILE, TRUNK_STAGING_DIR: staging } = process.env;
const LOADERS = { '.css': 'css', '.js': 'js' };

if (TRUNK_PROFILE === 'release') {
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
