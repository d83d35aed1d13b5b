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

test('an error that is typed is mended by a quick fix, and undone', async ({ page }) => {
  await open(page);
  await write(page, nginx().replace('  selector:', '  hostNetwork: true # the node\'s own\n  selector:'));
  await expect(page.locator('.cm-lintRange-error')).toHaveText('hostNetwork');
  await page.getByTestId('problems').getByRole('button').first().click();
  await page.keyboard.press('Control+.');
  const fix = page.getByRole('button', { name: 'Move into spec.template.spec' });
  await expect(fix).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await expect(editor(page)).toHaveValue(/image: nginx:1\.27\n {6}hostNetwork: true # the node's own\n$/);
  await expect(page.getByTestId('manifest-verdict')).toHaveText('Valid');
  await expect(typing(page)).toBeFocused();
  await page.keyboard.press('Control+z');
  await expect(editor(page)).toHaveValue(/\n {2}hostNetwork: true # the node's own\n {2}selector/);
  await page.keyboard.press('Control+y');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByTestId('notice-done')).toContainText('daemonset.apps/web created');
});

test('the mark of an error offers its fix to the mouse', async ({ page }) => {
  await open(page);
  await write(page, nginx().replace('        app: web\n    spec', '        app: wob\n    spec'));
  const mark = page.locator('.cm-lintRange-error').first();
  await expect(mark).toBeVisible();
  // The fix comes a moment behind the mark.
  await expect(async () => {
    await page.mouse.move(0, 0);
    await mark.hover();
    await page.getByRole('button', { name: 'Give the template the selector\'s labels' }).first().click({ timeout: 1_500 });
  }).toPass();
  await expect(editor(page)).toHaveValue(nginx());
});

test('fields complete, values complete, and a field tells what it is', async ({ page }) => {
  await open(page);
  await write(page, 'kind: DaemonSet\nspec:\n  ');
  await page.keyboard.press('Control+End');
  await page.keyboard.type('upd', { delay: 30 });
  const option = (name) => page.getByRole('listbox', { name: 'Completions' }).getByRole('option', { name });
  // CodeMirror takes no choice in a list's first 75 ms: who types on shall not choose unknowingly.
  const offers = (name) => expect(option(name)).toBeVisible().then(() => page.waitForTimeout(200));
  await offers(/^updateStrategy/);
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await expect(editor(page)).toHaveValue('kind: DaemonSet\nspec:\n  updateStrategy:\n    ');
  await page.keyboard.type('typ', { delay: 30 });
  await offers(/^type/);
  await page.keyboard.press('Enter');
  await option('OnDelete').click();
  await expect(editor(page)).toHaveValue('kind: DaemonSet\nspec:\n  updateStrategy:\n    type: OnDelete');
  await page.locator('.t-key', { hasText: 'updateStrategy' }).hover();
  await expect(page.locator('.field-card')).toContainText('How pods of an old template are replaced.');
});

test('a long text folds, is searched, and is edited without colours when it is very long', async ({ page }) => {
  await open(page);
  await write(page, nginx());
  await page.keyboard.press('Control+f');
  const find = page.getByRole('textbox', { name: 'Find' });
  await expect(find).toBeFocused();
  await find.pressSequentially('nginx:1');
  await expect(page.locator('.cm-searchMatch')).toHaveCount(1);
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await page.locator('.cm-foldGutter .cm-gutterElement', { hasText: '⌄' }).first().click();
  await expect(page.locator('.cm-foldPlaceholder')).toBeVisible();

  const long = `# ${'x'.repeat(78)}\n`.repeat(4_000) + nginx();
  await write(page, long);
  await expect(page.locator('.t-comment')).toHaveCount(0);
  await expect(page.getByTestId('manifest-verdict')).toHaveText('Valid');
});
