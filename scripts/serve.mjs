// Serves a folder on loopback, as any static host would: no framework, no rewriting.
//
//   node scripts/serve.mjs [--root dist] [--port 8080]
//
// A taken port moves on to the next free one; port 0 takes any. The address is
// printed once the server listens: the journeys wait for that line.

import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';
import { parseArgs } from 'node:util';

const HOST = '127.0.0.1';
const PORTS_TRIED = 20;

const MIME = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff2': 'font/woff2',
  '.yaml': 'text/yaml; charset=utf-8',
};

// Any page may embed the playground, so any page may fetch its files. Nothing
// is cached: the next build is what the next reload shows.
const COMMON_HEADERS = {
  'Access-Control-Allow-Origin': '*',
  'Cache-Control': 'no-cache',
  'X-Content-Type-Options': 'nosniff',
};

/** The file a request names, or null when there is none inside `root`. */
async function findFile(root, requestUrl) {
  try {
    const path = decodeURIComponent(requestUrl.split(/[?#]/, 1)[0]);
    // The real path decides, so that neither `..` nor a symbolic link leads out.
    let file = await realpath(join(root, path));
    if (file !== root && !file.startsWith(root + sep)) return null;
    let info = await stat(file);
    if (info.isDirectory()) {
      file = join(file, 'index.html');
      info = await stat(file);
    }
    return info.isFile() ? { file, bytes: info.size } : null;
  } catch {
    // A malformed escape, a NUL byte, a file that is not there: all are "not found".
    return null;
  }
}

async function answer(root, request, response) {
  const refuse = (status, text) => {
    response.writeHead(status, { ...COMMON_HEADERS, 'Content-Type': MIME['.txt'] });
    response.end(request.method === 'HEAD' ? undefined : `${text}\n`);
  };

  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'Only GET and HEAD');
  const found = await findFile(root, request.url);
  if (!found) return refuse(404, 'Not found');

  response.writeHead(200, {
    ...COMMON_HEADERS,
    'Content-Type': MIME[extname(found.file).toLowerCase()] ?? 'application/octet-stream',
    'Content-Length': found.bytes,
  });
  if (request.method === 'HEAD') return response.end();
  createReadStream(found.file)
    .on('error', () => response.destroy())
    .pipe(response);
}

function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      resolve(server.address().port);
    });
  });
}

async function listenFrom(server, first) {
  const last = first === 0 ? 0 : Math.min(first + PORTS_TRIED - 1, 65535);
  for (let port = first; ; port += 1) {
    try {
      return await listen(server, port);
    } catch (error) {
      if (error.code !== 'EADDRINUSE' || port >= last) throw error;
    }
  }
}

const { values } = parseArgs({
  options: {
    root: { type: 'string', default: 'dist' },
    port: { type: 'string', default: '8080' },
  },
});
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  console.error(`--port ${values.port}: not a port number`);
  process.exit(2);
}
const root = await realpath(values.root);
const server = createServer((request, response) => answer(root, request, response));
console.log(`Serving ${values.root} at http://${HOST}:${await listenFrom(server, port)}/`);
