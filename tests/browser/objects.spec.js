// Any object as YAML, live, and from there into the editor and back into the cluster.

import { expect, expectAccessible, open, test } from './page.js';
import { apply, card, editor, hurry, node, pods, settled } from './cluster.js';

test('an object is found, follows the moment shown, and is edited and applied', async ({ page }) => {
  await open(page);
  await hurry(page);
  await settled(page);
  const yaml = page.getByTestId('yaml');

  // From a pod's chip: what Kubernetes added has somebody's name.
  await pods(page, 'nginx', node(page, 'worker-1')).click();
  await page.getByRole('button', { name: 'Show YAML' }).click();
  await expect(yaml).toContainText('generateName: nginx-  # DaemonSet controller');
  await expect(yaml).toContainText('nodeName: worker-1  # scheduler');
  await expect(yaml).toContainText('phase: Running');
  await expectAccessible(page);

  // It follows the moment: there was no such pod at the start.
  await page.getByTestId('play').click();
  await page.getByTestId('track').press('Home');
  await expect(page.getByText(/There is no Pod default\/nginx-.* at this moment/)).toBeVisible();
  await page.getByTestId('track').press('End');
  await expect(yaml).toContainText('phase: Running');

  // Found by typing, shown as it was written, edited, and applied.
  await page.getByTestId('find-object').fill('daemonset nginx');
  await page.getByRole('button', { name: 'DaemonSet default/nginx' }).click();
  await expect(yaml).toContainText('dnsPolicy: ClusterFirst  # default');
  await page.getByRole('button', { name: 'What was added' }).click();
  await expect(yaml).not.toContainText('dnsPolicy');
  await page.getByTestId('edit-object').click();
  await expect(editor(page)).toHaveValue(/^apiVersion: apps\/v1\nkind: DaemonSet\n/);
  const text = await editor(page).inputValue();
  await apply(page, text.replace(/image: .*/, 'image: nginx:9.9'));
  await expect(card(page, 'default/nginx')).toContainText('nginx:9.9');
  await expect(yaml).toContainText('image: nginx:9.9');
});
