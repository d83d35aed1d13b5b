// Hands on the board: several nodes at once, menus, labels and taints that are carried.

import { choose, hurry, node, pods, settled } from './cluster.js';
import { expect, expectAccessible, open, test } from './page.js';

const cover = (page, name) => page.locator(`#node-${name}`);

async function opened(page) {
  await open(page);
  await choose(page, 'nginx');
  await hurry(page);
  await settled(page);
}

test('several nodes are chosen and acted on as one', async ({ page }) => {
  await opened(page);
  await cover(page, 'worker-1').click({ modifiers: ['Control'] });
  await cover(page, 'worker-3').click({ modifiers: ['Shift'] });
  await expect(page.getByTestId('chosen')).toHaveText('3 nodes selected');
  await expect(page.locator('.node.chosen')).toHaveCount(3);
  const field = page.locator('.choice').getByTestId('edit-node');
  await field.fill('dedicated=infra:NoExecute');
  await expect(page.locator('.choice code')).toHaveText(
    'kubectl taint nodes worker-1 worker-2 worker-3 dedicated=infra:NoExecute',
  );
  await expectAccessible(page);
  await field.press('Enter');
  await settled(page);
  await expect(pods(page, 'nginx')).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo', exact: true }).first().click();
  await settled(page);
  await expect(pods(page, 'nginx')).toHaveCount(3);

  // By keyboard: the choice goes, grows again, and its menu acts on all of it.
  await cover(page, 'worker-1').focus();
  await page.keyboard.press('Escape');
  await expect(page.locator('.node.chosen')).toHaveCount(0);
  await page.keyboard.press('Shift+ArrowRight');
  await expect(page.locator('.node.chosen')).toHaveCount(2);
  await page.keyboard.press('Control+a');
  await expect(page.getByTestId('chosen')).toHaveText('4 nodes selected');
  await page.getByTestId('chosen-acts').click();
  await page.keyboard.press('c');
  await expect(page.locator('.menu-command')).toHaveText('kubectl cordon control-plane-1 worker-1 worker-2 worker-3');
  await page.keyboard.press('Enter');
  await expect(page.getByText('SchedulingDisabled')).toHaveCount(4);

  // By a frame around them.
  await page.keyboard.press('Escape');
  const board = await page.locator('.groups').boundingBox();
  const first = await node(page, 'worker-1').boundingBox();
  await page.mouse.move(board.x + 2, first.y - 6);
  await page.mouse.down();
  await page.mouse.move(first.x + first.width / 2, first.y + 20, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByTestId('chosen')).toHaveText('1 node selected');
});

test('a menu opens where it is asked for, and gives the focus back', async ({ page }) => {
  await opened(page);
  await cover(page, 'worker-2').focus();
  await page.keyboard.press('Shift+F10');
  const menu = page.getByRole('menu', { name: 'worker-2' });
  await expect(menu).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(menu).toHaveCount(0);
  await expect(cover(page, 'worker-2')).toBeFocused();
  await pods(page, 'nginx', node(page, 'worker-2')).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Show details' }).click();
  await expect(page.getByRole('dialog', { name: /^Pod nginx-/ })).toBeVisible();
});

test('a taint is carried to a node and away again', async ({ page }) => {
  await opened(page);
  await page.getByRole('button', { name: 'Labels and taints', exact: true }).click();
  const chip = page.getByRole('button', { name: 'Pick up the taint dedicated=infra:NoExecute' });
  const tainted = node(page, 'worker-2').locator('[data-tag="dedicated=infra:NoExecute"]');

  await cover(page, 'worker-2').scrollIntoViewIfNeeded();
  const target = await node(page, 'worker-2').boundingBox();
  await chip.hover();
  await page.mouse.down();
  await page.mouse.move(target.x + 30, target.y + 20, { steps: 5 });
  await expect(page.locator('.carry')).toContainText('nginx would go from worker-2');
  await page.mouse.up();
  await expect(tainted).toBeVisible();
  await settled(page);
  await expect(pods(page, 'nginx', node(page, 'worker-2'))).toHaveCount(0);
  await expectAccessible(page);

  const drawer = await page.locator('.tags').boundingBox();
  await tainted.locator('span').first().hover();
  await page.mouse.down();
  await page.mouse.move(drawer.x + 60, drawer.y + 12, { steps: 5 });
  await page.mouse.up();
  await expect(tainted).toHaveCount(0);

  // The same by keyboard.
  await chip.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.carry')).toContainText('on control-plane-1');
  await cover(page, 'worker-1').focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('.carry')).toContainText('nginx would');
  await page.keyboard.press('Enter');
  await expect(tainted).toBeVisible();
  await expect(page.locator('.carry')).toHaveCount(0);
});
