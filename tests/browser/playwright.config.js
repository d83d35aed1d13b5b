// Journeys: what only a real browser can prove. They run against the release
// page in dist/, in the system's Chromium.

import { execFileSync } from 'node:child_process';
import { defineConfig } from '@playwright/test';

const root = new URL('../../', import.meta.url).pathname;

function chromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  return execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
}

export default defineConfig({
  testDir: '.',
  outputDir: `${root}target/journeys`,
  reporter: [['list'], ['json', { outputFile: `${root}target/journeys.json` }]],
  workers: 2,
  fullyParallel: true,
  // A journey that passes at the second try is a defect, of the page or its own.
  retries: 0,
  forbidOnly: true,
  // Generous, for a machine that does other work: journeys wait on state, not on time.
  timeout: 90_000,
  expect: { timeout: 20_000 },
  // Against a browser that hangs; how long all may take is no matter of a test.
  globalTimeout: 20 * 60_000,
  use: {
    // The server takes a free port and prints it; `wait` below puts it here.
    baseURL: `http://127.0.0.1:${process.env.JOURNEYS_PORT}/`,
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    // A trace takes as long as the journey itself: `--trace on` where one is wanted.
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium(),
      // Chromium's own calls home are off; its sandbox does not start as root.
      args: [
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-domain-reliability',
        '--disable-sync',
        '--no-default-browser-check',
        '--no-first-run',
        '--no-pings',
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ],
    },
  },
  webServer: {
    command: 'node scripts/serve.mjs --root dist --port 0',
    cwd: root,
    wait: { stdout: /http:\/\/127\.0\.0\.1:(?<journeys_port>\d+)\// },
  },
});
