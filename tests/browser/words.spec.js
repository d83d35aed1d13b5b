// The board in words, and all that can be done by typing.

import { expect, expectAccessible, open, test } from './page.js';
import { hurry, settled } from './cluster.js';

test('nodes stand together by their zones', async ({ page }) => {
  await open(page);
  await page.getByTestId('group-by').selectOption('by zone');
  // Next to the control plane, which is in zone a too.
  await expect(page.getByRole('region', { name: 'zone a' }).locator('[data-node]')).toHaveCount(2);
  await expect(page.getByRole('region', { name: 'zone c' }).locator('[data-node]')).toHaveCount(1);
  await page.getByTestId('group-by').selectOption('ungrouped');
  await expect(page.getByRole('region', { name: 'nodes' }).locator('[data-node]')).toHaveCount(4);
});

test('a node is cordoned by the palette, and the board in words says so', async ({ page }) => {
  await open(page);
  await hurry(page);
  await settled(page);
  await page.keyboard.press('Control+k');
  const palette = page.getByTestId('palette');
  await expect(palette).toBeFocused();
  await palette.fill('worker-2 cord');
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await expect(palette).toHaveCount(0);
  await expect(page.getByTestId('notice-done')).toContainText('node/worker-2 cordoned');

  await page.getByRole('tab', { name: 'Text' }).click();
  const text = page.getByTestId('board-text');
  await expect(text).toContainText('worker-2: Ready, SchedulingDisabled');
  await expect(text).toContainText('default/nginx');
  await expectAccessible(page);
  // Escape leaves a palette that is not wanted, and the focus is where it was.
  await page.getByTestId('copy-text').focus();
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('copy-text')).toBeFocused();
});

test('a rollout is tried out before it is done', async ({ page }) => {
  await open(page);
  await hurry(page);
  await settled(page);
  const forecast = page.getByTestId('forecast');
  await page.getByTestId('try-rollout').click();
  await expect(forecast).toContainText('at most 1 of 3 nodes');
  await page.getByTestId('max-unavailable').fill('100%');
  await page.getByTestId('try-rollout').click();
  await expect(forecast).toContainText('at most 3 of 3 nodes');
  await page.getByTestId('max-unavailable').fill('0');
  await page.getByTestId('try-rollout').click();
  await expect(forecast).toContainText('cannot be 0 when maxSurge is 0');
});
