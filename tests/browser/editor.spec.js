// The editor: CodeMirror once it has come, the page's own field before and without it.

import { expect, expectAccessible, open, test } from './page.js';
import { editor, editorCame, nginx, typing, write } from './cluster.js';

test('a text typed before CodeMirror comes is kept, and so are focus and caret', async ({ page }) => {
  let come;
  const asked = new Promise((resolve) => (come = resolve));
  await page.route('**/editor.js*', async (route) => {
    await asked;
    await route.continue();
  });
  await open(page);
  await typing(page).fill('kind: Node\n');
  await expect(typing(page)).toBeFocused();
  await page.keyboard.press('ArrowUp');
  come();
  await editorCame(page);
  await expect(typing(page)).toBeFocused();
  await page.keyboard.type('api');
  await expect(editor(page)).toHaveValue('apikind: Node\n');
  await page.keyboard.press('Control+z');
  await expect(editor(page)).toHaveValue('kind: Node\n');
});

test('without CodeMirror the field is the editor', async ({ browser, baseURL }) => {
  // Not the watched page: here an error is what is asked for.
  const page = await browser.newPage({ baseURL });
  await page.route('**/editor.js*', (route) => route.abort());
  await open(page);
  await typing(page).fill(nginx().replace('containers:', 'contaners:'));
  await expect(page.getByTestId('problems')).toContainText('unknown field "spec.template.spec.contaners"');
  await page.getByTestId('problems').getByRole('button').first().click();
  expect(await editor(page).evaluate((field) => field.value.slice(field.selectionStart).split(':')[0])).toBe('contaners');
  await typing(page).press('Tab');
  await expect(editor(page)).toHaveValue(/ {8}contaners/);
  await typing(page).fill(nginx());
  await page.keyboard.press('Control+Enter');
  await expect(page.getByTestId('notice-done')).toContainText('daemonset.apps/web created');
  await page.close();
});

test('what is wrong is marked at its place, and the list leads there', async ({ page }) => {
  await open(page);
  await write(page, nginx().replace('app: web', 'app: wéb # 😀').replace('containers:', 'contaners:'));
  const mark = page.locator('.cm-lintRange-error');
  await expect(mark.last()).toHaveText('contaners');
  await page.getByTestId('problems').getByRole('button', { name: /contaners/ }).click();
  await expect(typing(page)).toBeFocused();
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.type('k');
  await expect(editor(page)).toHaveValue(/\n {6}kontaners/);
  await expectAccessible(page);
});
