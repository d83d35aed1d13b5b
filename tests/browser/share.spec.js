// What is shared opens elsewhere as it was, what is kept is there after a reload, and what is
// hostile does no harm.

import { deflateRawSync } from 'node:zlib';
import { edit, expectColumns, hurry, node, pods, settled } from './cluster.js';
import { expect, expectAccessible, open, test } from './page.js';

const WEB = 'default/nginx';

const linkWith = (json) => `#v1.${deflateRawSync(Buffer.from(json)).toString('base64url')}`;

/** Opens the dialog and waits for its link. */
async function share(page) {
  await page.getByTestId('share').click();
  await expect(page.getByTestId('share-link')).toHaveValue(/#v1\./);
  return page.getByTestId('share-link').inputValue();
}

const now = (page) => page.locator('[data-now]').getAttribute('data-now');

test('a link opens the same cluster elsewhere, at its moment', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page);
  await hurry(page);
  await settled(page);
  await edit(page, 'worker-2', 'dedicated=infra:NoExecute');
  await settled(page);
  await expect(pods(page, 'nginx')).toHaveCount(2);
  const link = await share(page);
  expect(link.length).toBeLessThan(600);
  await expectAccessible(page);
  await page.getByTestId('copy-link').click();
  await expect(page.getByTestId('share-said')).toContainText('on the clipboard');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  await page.getByTestId('copy-markdown').click();
  await expect(page.getByTestId('share-said')).toContainText('Markdown is on the clipboard');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('| worker-2 |');

  const other = await context.newPage();
  await open(other, link);
  await expect(other.getByTestId('origin')).toContainText('Opened from a link');
  await expect(node(other, 'worker-2')).toContainText('dedicated=infra:NoExecute');
  await expect(pods(other, 'nginx')).toHaveCount(2);
  await expectColumns(other, WEB, { desired: 2, ready: 2 });
  await expect(other.getByTestId('play')).toHaveAttribute('aria-label', 'Play');
  expect(await now(other)).toBe(await now(page));
  await expectAccessible(other);

  // Once it is changed it is no longer what the link leads to.
  await edit(other, 'worker-1', 'a=b');
  await expect(other).not.toHaveURL(/#v1\./);
  await other.close();
});

test('hostile links say why, and the page works', async ({ page }) => {
  await open(page, './#v1.AAAA');
  await expect(page.getByTestId('notice-refused')).toContainText('The link is damaged');
  // Until the page has seen it: nobody goes to the next address before the last has come.
  const goTo = (hash) =>
    page.evaluate((to) => {
      const seen = new Promise((done) => addEventListener('hashchange', () => setTimeout(done), { once: true }));
      location.hash = to;
      return seen;
    }, hash);
  await goTo(linkWith(' '.repeat(8 << 20)));
  await expect(page.getByTestId('notice-refused')).toContainText('unpacks to more than');
  await goTo(linkWith('['.repeat(100_000)));
  await expect(page.getByTestId('notice-refused')).toContainText('nested more than 64 deep');
  await goTo('#v7.AAAA');
  await expect(page.getByTestId('notice-refused')).toContainText('version 7');
  await goTo(linkWith('{"preset":"<img src=x onerror=alert(1)>"}'));
  await expect(page.getByTestId('notice-refused')).toContainText('<img src=x');
  await hurry(page);
  await expect(pods(page, 'nginx')).toHaveCount(3);

  await goTo('');
  await goTo(linkWith('{"nodes":[{"metadata":{"name":"lonely"}}],"at":5000}'));
  await expect(node(page, 'lonely')).toBeVisible();
  await page.goBack();
  await expect(node(page, 'lonely')).toHaveCount(0);
  await page.goForward();
  await expect(node(page, 'lonely')).toBeVisible();
  await page.reload();
  await expect(node(page, 'lonely')).toBeVisible();
});

test('a reload loses nothing, and names are kept', async ({ page }) => {
  await open(page);
  await edit(page, 'worker-3', 'disk=ssd');
  await expect(node(page, 'worker-3')).toContainText('ssd');
  await expect.poll(() => page.evaluate(() => localStorage.getItem('playground.autosave') ?? '')).toContain('v1.');
  await page.reload();
  await page.getByTestId('restore').click();
  await expect(node(page, 'worker-3')).toContainText('ssd');
  await expect(page.getByTestId('offer')).toHaveCount(0);

  await share(page);
  await page.getByTestId('keep-name').fill('with ssd');
  await page.getByTestId('keep').click();
  await expect(page.getByTestId('share-said')).toContainText('Kept as with ssd');
  await page.getByRole('button', { name: 'Rename with ssd' }).click();
  await page.getByTestId('rename-to').fill('one disk');
  await page.getByTestId('rename-to').press('Enter');
  await page.reload();
  await page.getByTestId('start-fresh').click();
  await expect(node(page, 'worker-3')).not.toContainText('ssd');
  await share(page);
  await page.getByRole('button', { name: 'Open one disk' }).click();
  await expect(node(page, 'worker-3')).toContainText('ssd');
  await share(page);
  await page.getByRole('button', { name: 'Delete one disk' }).click();
  await expect(page.locator('[data-kept]')).toHaveCount(0);

  // What is corrupt is no error either.
  await page.goto('about:blank');
  await open(page);
  await page.evaluate(() => localStorage.setItem('playground.autosave', 'v1.AAAA'));
  await page.reload();
  await page.getByTestId('restore').click();
  await expect(page.getByTestId('notice-refused')).toContainText('damaged');
  await expect(node(page, 'worker-1')).toBeVisible();
});

test('files and pictures', async ({ page }) => {
  await open(page);
  await edit(page, 'worker-3', 'disk=ssd');
  await share(page);
  const download = async (id) => {
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByTestId(id).click()]);
    return file;
  };
  const saved = await download('save-file');
  expect(saved.suggestedFilename()).toBe('daemonsets.json');
  const path = await saved.path();
  expect((await download('save-svg')).suggestedFilename()).toBe('daemonsets.svg');
  expect((await download('save-png')).suggestedFilename()).toBe('daemonsets.png');
  await page.reload();
  await share(page);
  await page.getByTestId('open-file').setInputFiles(path);
  await expect(node(page, 'worker-3')).toContainText('ssd');
});

test('works in a sandboxed frame, which keeps nothing', async ({ page, baseURL }) => {
  await page.route('**/frame.html', (route) =>
    route.fulfill({ contentType: 'text/html', body: `<link rel="icon" href="data:,"><iframe sandbox="allow-scripts allow-downloads" src="./${linkWith('{"preset":"nginx","at":9000}')}" width="1200" height="700"></iframe>` }),
  );
  await page.goto(new URL('frame.html', baseURL).href);
  const frame = page.frameLocator('iframe');
  await expect(frame.getByTestId('origin')).toContainText('Opened from a link');
  await frame.getByTestId('share').click();
  await expect(frame.getByTestId('share-no-storage')).toBeVisible();
  await expect(frame.getByTestId('share-link')).toHaveValue(/#v1\./);
});
