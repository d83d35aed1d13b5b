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
