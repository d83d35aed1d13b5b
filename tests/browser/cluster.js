// What a journey does with the page, in the words of a person: run time, paste
// manifests, act on nodes, read the columns. Waits are on state, never on a clock.

import { expect } from './page.js';

/** nginx on every node, as a newcomer would paste it. */
export const nginx = (image = 'nginx:1.27', spec = '') => `apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: web
spec:
${spec}  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: nginx
        image: ${image}
`;

/** Starts over with a scenario of the header's list. */
export const choose = (page, id) => page.getByTestId('scenario').selectOption(id);

/** Lets time run as fast as it may. */
export async function hurry(page) {
  await page.getByTestId('speed').selectOption('20000');
  await play(page);
}

/** Sees to it that time runs. */
export async function play(page) {
  const button = page.getByTestId('play');
  if ((await button.getAttribute('aria-label')) === 'Play') await button.click();
}

/** Waits until nothing is left to happen. */
export const settled = (page) => expect(page.locator('[data-settled="true"]')).toBeVisible();

/** Brings a part of the page into view where only one fits at a time. */
export async function show(page, section) {
  const tab = page.getByRole('navigation', { name: 'Sections' }).getByRole('button', { name: section });
  if (await tab.isVisible()) await tab.click();
}

/** The editor's text, whatever shows it. */
export const editor = (page) => page.getByTestId('manifest');

/** Where one types: CodeMirror once it has come, the page's own field before and without. */
export const typing = (page) => page.getByRole('textbox', { name: 'Manifest, YAML or JSON' });

/** Waits for CodeMirror, which comes behind the first frame. */
export const editorCame = (page) => expect(page.locator('.cm-content')).toBeAttached();

/** Replaces the text in the editor, as one who pastes over all of it. */
export async function write(page, text) {
  await editorCame(page);
  await typing(page).focus();
  await typing(page).press('Control+a');
  await typing(page).evaluate((field, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
  await expect(editor(page)).toHaveValue(text);
}

/** Replaces the text in the editor and applies it. */
export async function apply(page, text) {
  await write(page, text);
  await page.getByTestId('apply').click();
}

export const card = (page, key) => page.locator(`[data-workload-card="${key}"]`);

/** Expects columns by their names, e.g. `{ desired: 3, ready: 3 }`. */
export async function expectColumns(page, key, columns) {
  for (const [name, value] of Object.entries(columns)) {
    await expect(card(page, key).locator(`[data-column="${name}"]`), name).toHaveText(String(value));
  }
}

export const node = (page, name) => page.locator(`[data-node="${name}"]`);

/** Pods of a workload, on the board or on one node of it. */
export const pods = (page, workload, on = page.locator('.board')) => on.locator(`[data-pod][data-workload="${workload}"]`);

/** Types a label or a taint into a node's menu, as kubectl takes it. */
export async function edit(page, name, text) {
  await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
  await page.getByRole('menuitem', { name: 'Label or taint…' }).click();
  const field = page.getByRole('dialog', { name: 'Label or taint' }).getByTestId('edit-node');
  await field.fill(text);
  await field.press('Enter');
  await page.keyboard.press('Escape');
}

/** Presses an entry of a node's menu. */
export async function act(page, name, entry) {
  await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
  await page.getByRole('menuitem', { name: entry }).click();
}

/** Stops at the moment of the first event whose text has this in it. */
export async function goTo(page, text) {
  await show(page, 'Events');
  await page.getByTestId('events').getByRole('button').filter({ hasText: text }).first().click();
  await show(page, 'Board');
}

/** Goes on from event to event until this is there. */
export async function stepTo(page, what) {
  const now = page.locator('[data-now]');
  for (let steps = 0; steps < 40 && !(await what.count()); steps += 1) {
    const before = await now.getAttribute('data-now');
    await page.getByTestId('track').press('ArrowRight');
    await expect(now).not.toHaveAttribute('data-now', before);
  }
  await expect(what).toBeVisible();
}
