// Why a node has no pod, what would change that, and what a number counts.

import { expect, expectAccessible, open, test } from './page.js';
import { card, choose, expectColumns, hurry, node, pods, settled } from './cluster.js';

const WARMER = 'default/image-warmer';

test('the offered edit brings a pod to a labelled-out node, and is undone', async ({ page }) => {
  await open(page);
  await choose(page, 'workers-only');
  await hurry(page);
  await settled(page);
  await expectColumns(page, WARMER, { desired: 3, ready: 3 });

  // A number says which nodes it counts.
  await card(page, WARMER).getByRole('button', { name: 'READY 3: which nodes' }).click();
  await expect(page.locator('[data-why]')).toHaveCount(3);
  await expect(page.getByRole('status').filter({ hasText: 'READY counts 3 nodes.' })).toBeVisible();
  await page.getByRole('button', { name: 'Show all nodes' }).click();
  const row = page.locator('[data-why="worker-4"]');
  await expect(row).toHaveAttribute('data-verdict', 'go');
  await expect(row).toContainText('kubectl label nodes worker-4 node-role.kubernetes.io/worker=');
  await expectAccessible(page);

  await row.locator('[data-fix="node"]').getByRole('button', { name: /^Do it/ }).click();
  await expect(row).toHaveAttribute('data-verdict', 'run');
  await expectColumns(page, WARMER, { desired: 4, ready: 4 });
  const pod = pods(page, 'image-warmer', node(page, 'worker-4'));
  await pod.click();
  await page.getByText('Beyond its template').click();
  await expect(page.getByRole('dialog')).toContainText('spec.affinity.nodeAffinity required: metadata.name In [worker-4]');
  await expectAccessible(page);
  await page.keyboard.press('Escape');

  // What would keep it off is the way back, but undo is shorter.
  await row.getByRole('button', { name: 'should run' }).click();
  await expect(row).toContainText('kubectl label nodes worker-4 node-role.kubernetes.io/worker-');
  await page.getByRole('button', { name: 'Undo', exact: true }).first().click();
  await expect(row).toHaveAttribute('data-verdict', 'go');
  await expect(pod).toHaveCount(0);
});

test('the template is edited as well, and every node follows', async ({ page }) => {
  await open(page);
  await choose(page, 'workers-only');
  await hurry(page);
  await settled(page);
  await card(page, WARMER).getByRole('button', { name: 'DESIRED 3: which nodes' }).click();
  await page.getByRole('button', { name: 'Show all nodes' }).click();
  await page.locator('[data-why="worker-4"] [data-fix="template"]').getByRole('button', { name: /^Do it/ }).click();
  await expectColumns(page, WARMER, { desired: 4, 'up-to-date': 4, ready: 4 });
  await settled(page);
});
