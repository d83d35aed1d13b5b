// A cluster is pasted: what kubectl printed of it is rebuilt, and why a pod is missing is asked at once.

import { readFileSync } from 'node:fs';
import { expect, expectAccessible, open, test } from './page.js';
import { card, expectColumns, node, pods, show, write } from './cluster.js';

const KIND = readFileSync(new URL('../fixtures/kind.yaml', import.meta.url), 'utf8');

/** The machines of the fixture many times over, as kubectl would print them in JSON. */
function large(count) {
  const date = '2026-11-20T08:00:00Z';
  const items = Array.from({ length: count }, (_, n) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: `rack-${n}`, uid: `node-${n}`, creationTimestamp: date, annotations: { note: 'x'.repeat(300) } },
    status: { conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: date, lastHeartbeatTime: date }] },
  }));
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 4);
}

test('paste a cluster and ask why a daemon pod is missing', async ({ page }) => {
  await open(page);
  await show(page, 'Manifest');
  await write(page, KIND);
  await expect(page.getByTestId('manifest-verdict')).toHaveText('4 nodes, 2 DaemonSets and 8 pods');
  await page.getByRole('button', { name: 'Rebuild' }).click();
  await expect(page.getByTestId('notice-done')).toContainText('The cluster is rebuilt: 4 nodes');
  await expect(page.getByTestId('notice-done')).toContainText('certificate.cert-manager.io/web-tls (shop): kept, not simulated');

  // As it was found: numbers of the status, the lost machine, the failing pod.
  await expectColumns(page, 'monitoring/node-agent', { desired: 1, ready: 0 });
  await expect(node(page, 'lab-worker3')).toContainText(/Unknown|unreachable/i);
  await expect(pods(page, 'node-agent', node(page, 'lab-worker'))).toContainText('CrashLoopBackOff');
  await expect(pods(page, 'node-agent', node(page, 'lab-worker2'))).toHaveCount(0);

  await card(page, 'monitoring/node-agent').click();
  await page.getByRole('tab', { name: 'Why' }).click();
  await expect(page.getByRole('tabpanel', { name: 'Why' })).toContainText('dedicated=gpu:NoSchedule');
  await expectAccessible(page);

  // One act: undo brings back what was there.
  await page.getByRole('button', { name: 'Undo', exact: true }).first().click();
  await expectColumns(page, 'default/nginx', { desired: 3 });
});

test('reading a long text tells how far it is, and can be given up by keyboard', async ({ page }) => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  // The reader is made to take as long as it takes to press a button.
  await page.route('**/reader_bg.wasm*', async (route) => {
    await held;
    await route.continue();
  });
  await open(page);
  await write(page, large(300));
  await expect(page.getByRole('progressbar', { name: 'Reading' })).toBeVisible();
  const cancel = page.getByRole('button', { name: 'Cancel' });
  await cancel.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('manifest-verdict')).toHaveText('Not read');
  await expect(page.getByRole('progressbar', { name: 'Reading' })).toHaveCount(0);
  await expectColumns(page, 'default/nginx', { desired: 3 });
  release();

  await page.getByTestId('apply').click();
  await expect(page.getByTestId('notice-done')).toContainText('The cluster is rebuilt: 300 nodes');
  await expect(node(page, 'rack-299')).toBeAttached();
});
