// The main job: paste a DaemonSet, change the cluster, watch Kubernetes answer.

import { expect, expectAccessible, open, test } from './page.js';
import { act, apply, card, choose, edit, editor, expectColumns, hurry, nginx, node, pods, settled, write } from './cluster.js';

const WEB = 'default/web';

/** Three workers without any DaemonSet. */
async function empty(page) {
  await open(page);
  await choose(page, 'nginx');
  await hurry(page);
  await settled(page);
  await page.locator('[data-workload-card="default/nginx"] button').first().click();
  await page.getByTestId('delete-daemonset').click();
  await settled(page);
  await expect(card(page, 'default/nginx')).toHaveCount(0);
}

test('a pasted DaemonSet follows the nodes and their taints', async ({ page }) => {
  await empty(page);
  await apply(page, nginx());
  await settled(page);
  await expectColumns(page, WEB, { desired: 3, current: 3, ready: 3, 'up-to-date': 3, available: 3, misscheduled: 0 });
  await expect(pods(page, 'web')).toHaveCount(3);
  await expectAccessible(page);

  await page.getByTestId('add-worker').click();
  await page.getByTestId('add-worker').click();
  await expectColumns(page, WEB, { desired: 5, ready: 5 });
  await settled(page);

  // Recording 03: the taint alone makes no sync, so the columns stay, and the page says so.
  await edit(page, 'worker-1', 'dedicated=infra:NoSchedule');
  await expect(node(page, 'worker-1')).toContainText('dedicated=infra:NoSchedule');
  await settled(page);
  await expectColumns(page, WEB, { desired: 5, current: 5, ready: 5, misscheduled: 0 });
  await expect(card(page, WEB)).toHaveAttribute('data-stale', 'true');
  await expect(card(page, WEB)).toContainText('Stale');
  await expect(pods(page, 'web', node(page, 'worker-1'))).toHaveCount(1);

  await card(page, WEB).getByRole('button').first().click();
  await page.getByTestId('max-unavailable').fill('2');
  await page.getByTestId('set-strategy').click();
  await expectColumns(page, WEB, { desired: 4, current: 4, misscheduled: 1 });
  await expect(card(page, WEB)).toHaveAttribute('data-stale', 'false');

  await edit(page, 'worker-2', 'dedicated=infra:NoExecute');
  await settled(page);
  await expect(pods(page, 'web', node(page, 'worker-2'))).toHaveCount(0);
  await expectColumns(page, WEB, { desired: 3, misscheduled: 1 });
  await expectAccessible(page);
});

test('a rollout never makes more pods unavailable than it may', async ({ page }) => {
  await empty(page);
  await apply(page, nginx());
  await settled(page);
  await page.getByTestId('speed').selectOption('5000');
  // Every state that reaches the screen is looked at, not samples of it.
  await page.evaluate(() => {
    const least = { available: Infinity, states: 0 };
    const look = () => {
      least.states += 1;
      const available = document.querySelectorAll('.board [data-workload="web"][data-look="available"]').length;
      least.available = Math.min(least.available, available);
    };
    look();
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
    window.least = least;
  });
  await page.locator(`[data-workload-card="${WEB}"] button`).first().click();
  await page.getByTestId('image').fill('nginx:1.28');
  await page.getByTestId('image').press('Enter');
  await expect(page.locator('[data-pod][data-revision="old"]').first()).toBeVisible();
  await settled(page);
  await expect(page.locator('[data-pod][data-revision="old"]')).toHaveCount(0);
  await expectColumns(page, WEB, { 'up-to-date': 3, available: 3 });
  const least = await page.evaluate(() => window.least);
  expect(least.available).toBe(2);
  expect(least.states).toBeGreaterThan(10);
});

test('time goes back, and the earlier board with it', async ({ page }) => {
  await empty(page);
  await apply(page, nginx());
  await settled(page);
  const before = await page.locator('[data-now]').getAttribute('data-now');
  await page.getByTestId('add-worker').click();
  await expectColumns(page, WEB, { ready: 4 });
  await settled(page);

  const track = page.getByTestId('track');
  await track.focus();
  while (Number(await page.locator('[data-now]').getAttribute('data-now')) > Number(before)) {
    await track.press('ArrowLeft');
  }
  await expect(node(page, 'worker-4')).toHaveCount(0);
  await expectColumns(page, WEB, { ready: 3 });
  await track.press('Home');
  await expect(card(page, WEB)).toHaveCount(0);
  await track.press('End');
  await expect(node(page, 'worker-4')).toBeVisible();
  await expectColumns(page, WEB, { ready: 4 });
});

test('a broken manifest names its line and changes nothing', async ({ page }) => {
  await empty(page);
  await apply(page, nginx());
  await settled(page);
  const broken = nginx('nginx:1.28').replace('containers:', 'contaners:');
  await apply(page, broken);
  await expect(page.getByTestId('notice-refused')).toContainText('unknown field "spec.template.spec.contaners"');
  await expect(page.getByTestId('problems')).toContainText('14:7');
  await expect(editor(page)).toHaveValue(broken);
  await expectColumns(page, WEB, { desired: 3, ready: 3, 'up-to-date': 3 });
  await expectAccessible(page);

  await write(page, 'apiVersion: apps/v1\nkind: DaemonSet\n\tmetadata: x\n');
  await expect(page.getByTestId('problems')).toContainText('3:1');
});

test('a DaemonSet is deleted, undone, and deleted with orphans', async ({ page }) => {
  await empty(page);
  await apply(page, nginx());
  await settled(page);
  await card(page, WEB).getByRole('button').first().click();
  await page.getByTestId('delete-daemonset').click();
  await settled(page);
  await expect(pods(page, 'web')).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo', exact: true }).first().click();
  await expect(pods(page, 'web')).toHaveCount(3);
  await card(page, WEB).getByRole('button').first().click();
  await page.getByTestId('cascade').selectOption('orphan');
  await page.getByTestId('delete-daemonset').click();
  await settled(page);
  await expect(card(page, WEB)).toHaveCount(0);
  await expect(page.locator('.board [data-pod]')).toHaveCount(3);
});

test('a pod that does not fit tells each attempt', async ({ page }) => {
  await open(page);
  await choose(page, 'does-not-fit');
  await hurry(page);
  await settled(page);
  // The cluster has changed: the scheduler tries again.
  await page.getByTestId('add-worker').click();
  await expectColumns(page, 'security/vulnerability-scanner', { desired: 5, ready: 4 });
  await settled(page);
  await page.locator('[data-pod][data-look="unschedulable"]').click();
  const attempts = page.getByRole('list', { name: 'What happened to it' }).getByText('FailedScheduling');
  await expect(attempts.last()).toContainText('0/5 nodes are available: 1 Insufficient cpu');
  await expect(attempts.first()).toContainText('0/6 nodes are available: 1 Insufficient cpu');
});

test('a node is drained, and its daemon pod stays', async ({ page }) => {
  await open(page);
  await hurry(page);
  await settled(page);
  await act(page, 'worker-1', /^Drain refuses/);
  await expect(page.getByTestId('notice-refused')).toContainText('cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)');
  await expect(node(page, 'worker-1')).toContainText('SchedulingDisabled');
  await act(page, 'worker-1', /--ignore-daemonsets/);
  await expect(page.getByTestId('notice-done')).toContainText('Warning: ignoring DaemonSet-managed Pods: default/nginx-');
  await settled(page);
  await expectColumns(page, 'default/nginx', { desired: 3, ready: 3 });
  await act(page, 'worker-1', /disk pressure/i);
  await expect(node(page, 'worker-1')).toContainText('node.kubernetes.io/disk-pressure:NoSchedule');
});

test('a machine that is cut off is found out, and comes back', async ({ page }) => {
  await open(page);
  await hurry(page);
  await settled(page);
  await act(page, 'worker-1', /unreachable/i);
  await expect(node(page, 'worker-1')).toHaveAttribute('data-state', /unknown/i);
  await expect(node(page, 'worker-1')).toContainText('node.kubernetes.io/unreachable:NoExecute');
  await settled(page);
  await expectColumns(page, 'default/nginx', { desired: 2, misscheduled: 1 });
  // A daemon pod tolerates the taint: it stays, and is no longer ready.
  await expect(pods(page, 'nginx', node(page, 'worker-1'))).toHaveAttribute('data-look', 'not-ready');
  await expect(page.getByTestId('events')).toContainText('Node worker-1 status is now: NodeNotReady');
  await act(page, 'worker-1', /repair/i);
  await expect(node(page, 'worker-1')).toHaveAttribute('data-state', 'Ready');
  await settled(page);
  await expect(node(page, 'worker-1')).not.toContainText('unreachable');
  await expect(pods(page, 'nginx', node(page, 'worker-1'))).toHaveAttribute('data-look', 'available');
  await expectColumns(page, 'default/nginx', { desired: 3, ready: 3, misscheduled: 0 });
});
