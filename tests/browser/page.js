// What every journey shares: a page that is watched. A journey imports `test`
// and `expect` from here and so fails on any console error, any violation of
// the content security policy, any uncaught exception and any request to
// another host, whatever else it proves.

import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect } from '@playwright/test';

export const test = base.extend({
  page: async ({ page, baseURL }, use) => {
    const complaints = [];
    page.on('console', (message) => {
      // A violation of the policy is reported as a console error as well.
      if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
    page.on('request', (request) => {
      const url = new URL(request.url());
      const local = url.origin === new URL(baseURL).origin || ['blob:', 'data:'].includes(url.protocol);
      if (!local) complaints.push(`request to another host: ${url.href}`);
    });

    await use(page);

    expect(complaints, 'a page without complaints').toEqual([]);
  },
});

/** Opens the page and waits until the wasm has taken over from the static shell. */
export async function open(page, path = './') {
  await page.goto(path);
  await expect(page.locator('#boot-status')).toHaveCount(0);
}

/** No finding of axe that is serious or critical, on the page as it is now. */
export async function expectAccessible(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  expect(grave, 'serious or critical findings of axe').toEqual([]);
}

export { expect };
