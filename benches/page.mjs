#!/usr/bin/env node
// How quick the page is in Chromium, from a local server: start-up, a click to the next paint,
// a seek across many events, frames while a board of 50 nodes moves. Medians, in milliseconds.
// Run by hand on an idle machine, after `make build`:
//
//   node benches/page.mjs [STARTS]

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chromium } from '@playwright/test';

const STARTS = Number(process.argv[2] ?? 9);
const root = new URL('../', import.meta.url).pathname;

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const row = (name, ...values) => console.log(name.padEnd(46), values.map((v) => v.toFixed(1).padStart(8)).join(' '));

/** Runs before the page's own scripts: notes when the board is there, and when the panels are. */
function watch() {
  globalThis.seen = {};
  const marks = { board: '[data-node]', panels: '#lower-panel' };
  const look = () => {
    for (const [name, selector] of Object.entries(marks)) {
      if (!globalThis.seen[name] && document.querySelector(selector)) globalThis.seen[name] = performance.now();
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
}

async function start(browser, url) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addInitScript(watch);
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForFunction(() => globalThis.seen.board && globalThis.seen.panels);
  return { context, page };
}

async function starts(browser, url) {
  const times = { paint: [], board: [], panels: [] };
  for (let i = 0; i < STARTS; i += 1) {
    const { context, page } = await start(browser, url);
    const seen = await page.evaluate(async () => {
      const [paint] = performance.getEntriesByName('first-contentful-paint');
      return { paint: paint.startTime, ...globalThis.seen };
    });
    for (const name of Object.keys(times)) times[name].push(seen[name]);
    await context.close();
  }
  row('first contentful paint', median(times.paint));
  row('board drawn and answering', median(times.board));
  row('panels drawn', median(times.panels));
}

/** Milliseconds from a click on the so-many-th element to the paint that shows it. */
const toPaint = (page, selector, at) =>
  page.evaluate(
    async ([selector, at]) => {
      const began = performance.now();
      document.querySelectorAll(selector)[at].click();
      await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
      return performance.now() - began;
    },
    [selector, at],
  );

const nodes = (count) =>
  Array.from({ length: count }, (_, i) => `apiVersion: v1\nkind: Node\nmetadata:\n  name: rack-${i + 1}\n`).join('---\n');

async function apply(page, text) {
  const field = page.getByRole('textbox', { name: 'Manifest, YAML or JSON' });
  await page.locator('.cm-content').waitFor({ state: 'attached' });
  await field.press('Control+a');
  await field.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
  await page.getByTestId('apply').click();
}

async function clicks(browser, url) {
  const { context, page } = await start(browser, url);
  await apply(page, nodes(46));
  await page.locator('[data-node="rack-46"]').waitFor();
  const times = [];
  for (let i = 0; i < 20; i += 1) {
    times.push(await toPaint(page, '[data-node] .cover', i));
  }
  row('a click on a node to its paint, 50 nodes', median(times), Math.max(...times));

  // A rollout over all of them, at the usual speed: what a frame costs, and the longest.
  await page.getByRole('tab', { name: 'Workload' }).click();
  await page.getByRole('button', { name: 'Restart pods' }).click();
  const frames = await page.evaluate(
    () =>
      new Promise((done) => {
        const gaps = [];
        let last = performance.now();
        const frame = (now) => {
          gaps.push(now - last);
          last = now;
          if (gaps.length < 300) requestAnimationFrame(frame);
          else done(gaps.slice(1));
        };
        requestAnimationFrame(frame);
      }),
  );
  row('frames of a rollout, 50 nodes: median, longest', median(frames), Math.max(...frames));
  await context.close();
}

async function seeks(browser, url) {
  const { context, page } = await start(browser, url);
  await apply(page, nodes(1_000));
  await page.getByTestId('speed').selectOption('20000');
  await page.locator('[data-settled="true"]').waitFor({ timeout: 300_000 });
  await page.getByTestId('play').click();
  await page.getByTestId('track').focus();
  const times = [];
  for (const key of ['Home', 'End', 'Home', 'End', 'Home']) {
    const began = Date.now();
    await page.keyboard.press(key);
    await page.waitForFunction((home) => {
      const now = Number(document.querySelector('[data-now]').dataset.now);
      return (now === 0) === home && !document.querySelector('.time-state.busy');
    }, key === 'Home');
    times.push(Date.now() - began);
  }
  row('a seek over all events, 1,000 nodes', median(times), Math.max(...times));
  await context.close();
}

const server = spawn('node', ['scripts/serve.mjs', '--root', 'dist', '--port', '0'], { cwd: root });
try {
  const [line] = await once(server.stdout, 'data');
  const [url] = String(line).match(/http:\/\/[\d.:]+\//);
  const executablePath =
    process.env.CHROMIUM ?? execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
  const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  await starts(browser, url);
  await clicks(browser, url);
  await seeks(browser, url);
  await browser.close();
} finally {
  server.kill();
}
