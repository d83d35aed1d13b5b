// The page starts, says what it is, and is accessible; that it does so without
// an error or a foreign request is checked by ./page.js for every journey.

import { expect, expectAccessible, open, test } from './page.js';

for (const colorScheme of ['light', 'dark']) {
  test(`starts and is accessible in ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await open(page);
    await expect(page).toHaveTitle(/DaemonSet Playground/);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/DaemonSet Playground/);
    await expectAccessible(page);
  });
}

test('says so when the program does not load', async ({ browser, baseURL }) => {
  // Not the watched page: here an error is what is asked for.
  const page = await browser.newPage({ baseURL });
  await page.route('**/*.wasm', (route) => route.abort());
  await page.goto('./');
  await expect(page.getByRole('alert')).toContainText('could not start');
  await page.close();
});

test('says so when the program stops, and starts again', async ({ browser, baseURL }) => {
  // Not the watched page: here an error is what is asked for.
  const context = await browser.newContext({ baseURL });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const { instantiateStreaming } = WebAssembly;
    WebAssembly.instantiateStreaming = async (...given) => {
      const made = await instantiateStreaming.apply(WebAssembly, given);
      globalThis.program ??= made.instance.exports;
      return made;
    };
  });
  await open(page);
  // The program is asked for more memory than there is: it traps, as in a panic.
  await page.evaluate(() => {
    for (const [name, call] of Object.entries(globalThis.program)) {
      if (/^__wbindgen_(export|malloc)\d*$/.test(name)) setTimeout(() => call(-8, 8));
    }
  });
  const stopped = page.getByRole('alertdialog');
  await expect(stopped).toContainText('The playground has stopped');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(stopped).toBeVisible();
  await page.getByRole('button', { name: 'Start again' }).click();
  await expect(stopped).toHaveCount(0);
  await expect(page.locator('[data-node]')).toHaveCount(4);
  await context.close();
});
