// Pods that must go for another: by the scheduler's preemption, and by a machine in need.

import { expect, expectAccessible, open, test } from './page.js';
import { act, choose, edit, expectColumns, goTo, hurry, node, play, pods, settled, stepTo } from './cluster.js';

const CACHE = 'default/cache';
const STORAGE = 'kube-system/storage';

test('a daemon pod preempts another, and gives the place back', async ({ page }) => {
  await open(page);
  await choose(page, 'preemption');
  await hurry(page);
  await settled(page);
  await expectColumns(page, CACHE, { desired: 3, ready: 3 });
  await expectColumns(page, STORAGE, { desired: 0 });

  await edit(page, 'worker-1', 'storage=local');
  await expectColumns(page, STORAGE, { desired: 1, ready: 1 });
  await settled(page);
  await expectColumns(page, CACHE, { desired: 3, ready: 2 });
  const lane = page.locator('.lane');
  await expect(lane.locator('[data-look="unschedulable"]')).toContainText('cache');

  // Back to when the victim had just been chosen.
  await goTo(page, 'Preempted');
  const victim = pods(page, 'cache', node(page, 'worker-1'));
  await expect(victim).toContainText('preempted');
  await victim.click();
  await expect(page.getByRole('dialog')).toContainText('Preempted by kube-system/storage-');
  await page.keyboard.press('Escape');
  await stepTo(page, pods(page, 'storage', lane).filter({ hasText: 'nominated to worker-1' }));
  await expect(lane).toContainText('Insufficient cpu');
  await expectAccessible(page);

  // And on, to where it runs.
  await page.getByTestId('track').press('End');
  await pods(page, 'storage', node(page, 'worker-1')).click();
  const attempts = page.getByRole('list', { name: 'Scheduling attempts' });
  await expect(attempts).toContainText('chose worker-1');
  await attempts.getByText('#1 preempts on worker-1').click();
  await expect(attempts).toContainText('default/cache-');
  await expectAccessible(page);
  await page.keyboard.press('Escape');

  await edit(page, 'worker-1', 'storage-');
  await play(page);
  await expectColumns(page, STORAGE, { desired: 0 });
  await expectColumns(page, CACHE, { desired: 3, ready: 3 });
});

test('a machine short of memory sends its pod away again and again', async ({ page }) => {
  await open(page);
  await hurry(page);
  await settled(page);
  await act(page, 'worker-1', /memory pressure/i);
  await expect(node(page, 'worker-1')).toContainText('node.kubernetes.io/memory-pressure:NoSchedule');
  await goTo(page, 'The node was low on resource: memory');
  await stepTo(page, pods(page, 'nginx', node(page, 'worker-1')).filter({ hasText: 'Evicted' }));
  await expectAccessible(page);
  await act(page, 'worker-1', /repair/i);
  // The condition outlives its reason by five minutes.
  for (let tens = 0; tens < 32; tens += 1) await page.getByTestId('track').press('PageUp');
  await play(page);
  await settled(page);
  await expectColumns(page, 'default/nginx', { desired: 3, ready: 3 });
  await expect(node(page, 'worker-1')).not.toContainText('memory-pressure');
});
