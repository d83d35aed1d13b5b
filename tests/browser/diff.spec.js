// What Apply would change is looked at first, as kubectl diff prints it, and is then what happens.

import { expect, expectAccessible, open, test } from './page.js';
import { editor, editorCame, expectColumns, hurry, pods, settled, show, write } from './cluster.js';

const NGINX = 'default/nginx';

test('the diff of an edited manifest changes nothing, and Apply does what it says', async ({ page }) => {
  await open(page);
  await hurry(page);
  await settled(page);
  await expectColumns(page, NGINX, { desired: 3, ready: 3 });
  const uids = () => pods(page, 'nginx').evaluateAll((all) => all.map((pod) => pod.dataset.pod));
  const before = await uids();
  expect(before).toHaveLength(3);

  await show(page, 'Manifest');
  await editorCame(page);
  const text = await editor(page).inputValue();
  await write(page, text.replace('image: nginx:1.27', 'image: nginx:1.28'));
  await page.getByTestId('diff').click();
  const diff = page.getByTestId('diff-text');
  await expect(diff).toContainText(/diff -u -N \/tmp\/LIVE-\d+\/apps\.v1\.DaemonSet\.default\.nginx/);
  await expect(diff.locator('.del')).toContainText(['--- /tmp/LIVE', '-  generation: 1', '-      - image: nginx:1.27']);
  await expect(diff.locator('.add')).toContainText(['+++ /tmp/MERGED', '+  generation: 2', '+      - image: nginx:1.28']);
  await expectAccessible(page);
  expect(await uids()).toEqual(before);

  await page.getByTestId('apply').click();
  await expect(page.getByTestId('notice-done')).toContainText('daemonset.apps/nginx configured');
  await expect(diff).toHaveCount(0);
  await show(page, 'Board');
  await expect(async () => {
    const now = await uids();
    expect(now).toHaveLength(3);
    expect(now.filter((uid) => before.includes(uid))).toEqual([]);
  }).toPass();
  await expectColumns(page, NGINX, { desired: 3, 'up-to-date': 3, ready: 3 });

  // What is applied is no difference any more.
  await show(page, 'Manifest');
  await page.getByTestId('diff').click();
  await expect(diff).toHaveText('No differences');
  await page.getByTestId('diff').click();
  await expect(diff).toHaveCount(0);
});
