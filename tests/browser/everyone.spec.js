// Keyboard, small screens, themes, reduced motion, no network: the page is for everyone.

import { expect, expectAccessible, open, test } from './page.js';
import { apply, editor, editorCame, expectColumns, hurry, nginx, settled, show, typing, write } from './cluster.js';

test('everything starts with the keyboard alone', async ({ page }) => {
  await open(page);
  await page.keyboard.press('Space');
  await expect(page.getByTestId('play')).toHaveAttribute('aria-label', 'Play');
  const before = Number(await page.locator('[data-now]').getAttribute('data-now'));
  await page.keyboard.press('.');
  await expect.poll(async () => Number(await page.locator('[data-now]').getAttribute('data-now'))).toBeGreaterThan(before);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await page.keyboard.press('m');
  const manifest = typing(page);
  await expect(manifest).toBeFocused();
  await write(page, nginx());
  await page.keyboard.press('Control+Enter');
  await expect(page.getByTestId('notice-done')).toContainText('daemonset.apps/web created');
  // Tab indents; after Escape it leaves.
  await manifest.press('Escape');
  await page.keyboard.press('Tab');
  await expect(manifest).not.toBeFocused();
});

test('what happens is told to those who cannot see it', async ({ page }) => {
  await open(page);
  await hurry(page);
  await settled(page);
  await expect(page.getByTestId('live')).toContainText(/nginx.*3 of 3/);
});

for (const [width, height] of [[390, 844], [320, 640]]) {
  test(`fits a screen of ${width} pixels`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await open(page);
    await hurry(page);
    await settled(page);
    for (const section of ['Board', 'Manifest', 'Workload', 'Events']) {
      await show(page, section);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(overflow, section).toBe(0);
      await expectAccessible(page);
    }
  });
}

test('motion can be turned off', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page);
  await hurry(page);
  await page.getByTestId('add-worker').click();
  await settled(page);
  await expectColumns(page, 'default/nginx', { ready: 4 });
  const running = await page.evaluate(() => document.getAnimations().filter((a) => a.playState === 'running').length);
  expect(running).toBe(0);
});

test('works on without a network', async ({ page, context }) => {
  await open(page);
  // The reader of manifests comes behind the page.
  await expect(page.getByTestId('manifest-verdict')).toHaveText('Valid');
  await editorCame(page);
  await context.setOffline(true);
  await hurry(page);
  await page.getByTestId('add-worker').click();
  await expectColumns(page, 'default/nginx', { ready: 4 });
  await apply(page, nginx());
  await expectColumns(page, 'default/web', { ready: 4 });
});

test('says so when the panels do not load, and does what was asked for once they do', async ({ browser, baseURL }) => {
  // Not the watched page: here an error is what is asked for.
  const page = await browser.newPage({ baseURL });
  await page.route('**/split_later*', (route) => route.abort());
  await open(page);
  await expect(page.getByTestId('notice-refused')).toContainText('The panels did not load');
  await page.unroute('**/split_later*');
  await page.getByTestId('add-worker').click();
  await expect(page.locator('[data-node]')).toHaveCount(5);
  await expect(page.getByRole('tab', { name: 'Why' })).toBeVisible();
});

test('says so when the reader of manifests does not load, and tries again', async ({ browser, baseURL }) => {
  // Not the watched page: here an error is what is asked for.
  const page = await browser.newPage({ baseURL });
  await page.route('**/reader*', (route) => route.abort());
  await open(page);
  await apply(page, nginx());
  await expect(page.getByTestId('notice-refused')).toContainText('reads manifests did not load');
  await expect(editor(page)).toHaveValue(nginx());
  await page.unroute('**/reader*');
  await page.getByTestId('apply').click();
  await expect(page.getByTestId('notice-done')).toContainText('daemonset.apps/web created');
  await page.close();
});

test('three hundred nodes stay usable', async ({ page }) => {
  await open(page);
  await hurry(page);
  const nodes = Array.from({ length: 300 }, (_, i) => `apiVersion: v1\nkind: Node\nmetadata:\n  name: rack-${i + 1}\n`).join('---\n');
  await write(page, nodes);
  await page.getByTestId('apply').click();
  await expectColumns(page, 'default/nginx', { desired: 303 });
  // No click is lost while three hundred pods start.
  await page.locator('[data-node="rack-299"]').click();
  await expect(page.getByRole('heading', { name: 'rack-299' })).toBeVisible();
});
