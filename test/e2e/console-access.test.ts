import { strict as assert } from 'node:assert';
import type { Browser } from 'puppeteer-core';
import { openWatched, startBrowser } from '../kit/browser.ts';
import { CONTRAST } from '../kit/contrast.ts';
import { appliedEntry } from '../kit/decision.ts';
import { describeWith } from '../require.ts';
import { asking, serve } from './console-kit.ts';

describeWith('chromium', 'the console, by keyboard, ear and eye', function () {
  this.timeout(120_000);
  let browser: Browser;
  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser.close());

  it('lets an ask be approved by keyboard alone, and shows the outcome without a reload', async () => {
    await using served = await serve(await asking());
    const { page, troubles } = await openWatched(browser, served.origin);
    await page.goto(served.origin, { waitUntil: 'load' });
    const focused = (): Promise<string> =>
      page.evaluate(`(() => {
        const at = document.activeElement;
        const outline = getComputedStyle(at).outlineStyle + getComputedStyle(at.closest('.row') ?? at).outlineStyle;
        return at.tagName + ' ' + (at.getAttribute('value') ?? at.getAttribute('href') ?? at.textContent) + (outline.includes('solid') ? '' : ' UNSEEN');
      })()`) as Promise<string>;
    const tabTo = async (what: RegExp): Promise<string[]> => {
      const passed: string[] = [];
      for (let n = 0; n < 60; n += 1) {
        await page.keyboard.press('Tab');
        passed.push(await focused());
        if (what.test(passed.at(-1) ?? '')) return passed;
      }
      throw new Error(`${what} cannot be reached: ${passed.join(', ')}`);
    };
    assert.deepEqual(await tabTo(/^A #main$/), ['A #main']);
    const passed = await tabTo(/^A \/incidents\//);
    assert.deepEqual(
      passed.filter((one) => one.endsWith('UNSEEN')),
      [],
    );
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    const more = await tabTo(/^BUTTON approve/);
    assert.deepEqual(
      more.filter((one) => one.endsWith('UNSEEN')),
      [],
    );
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    assert.deepEqual(
      served.sent.map(({ action }) => action),
      ['approve'],
    );
    await page.waitForFunction(`document.body.innerText.includes('was accepted')`);
    assert.equal((await served.kit.incident()).goal?.tier, 'delete-workload');
    assert.deepEqual(troubles, []);
    await page.close();
  });

  it('gives everything that can be used a name, and its headings an order', async () => {
    const kit = await asking();
    await kit.carryOut((await kit.incident()).id, [{ ...appliedEntry(kit), before: { a: 1 } }]);
    await using served = await serve(kit);
    const { page } = await openWatched(browser, served.origin);
    for (const path of ['/', `/incidents/${served.incident.id}`]) {
      await page.goto(`${served.origin}${path}`, { waitUntil: 'load' });
      await page.$$eval('details', (all) => {
        for (const one of all) one.setAttribute('open', '');
      });
      const tree = await page.accessibility.snapshot({ interestingOnly: false });
      const seen: Array<{ role: string; name: string; level?: number | undefined }> = [];
      const walk = (node: NonNullable<typeof tree>): void => {
        seen.push({ role: node.role, name: node.name ?? '', level: node.level });
        for (const child of node.children ?? []) walk(child);
      };
      assert.ok(tree !== null);
      walk(tree);
      const used = seen.filter(({ role }) =>
        /^(button|link|textbox|searchbox|combobox|DisclosureTriangle)$/.test(role),
      );
      assert.ok(used.length > 4, path);
      assert.deepEqual(
        used.filter(({ name }) => name.trim() === ''),
        [],
        path,
      );
      assert.equal(seen.filter(({ role }) => role === 'main').length, 1);
      const levels = seen.filter(({ role }) => role === 'heading').map(({ level }) => level ?? 0);
      assert.equal(levels.filter((level) => level === 1).length, 1, path);
      // No heading is more than one level below the one before it.
      assert.deepEqual(
        levels.filter((level, n) => level > (levels[n - 1] ?? 0) + 1),
        [],
        `${path}: ${levels.join(' ')}`,
      );
      const ids = (await page.evaluate('[...document.querySelectorAll("[id]")].map((one) => one.id)')) as string[];
      assert.equal(new Set(ids).size, ids.length, path);
    }
    await page.close();
  });

  it('has readable contrast in light and in dark', async () => {
    const kit = await asking();
    await kit.carryOut((await kit.incident()).id, [{ ...appliedEntry(kit), before: { a: 1 } }]);
    await using served = await serve(kit);
    for (const value of ['light', 'dark']) {
      const { page } = await openWatched(browser, served.origin);
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
      for (const path of ['/', `/incidents/${served.incident.id}`]) {
        await page.goto(`${served.origin}${path}`, { waitUntil: 'load' });
        const faint = await page.evaluate(CONTRAST);
        assert.deepEqual(faint, [], `${value} ${path}`);
      }
      await page.close();
    }
  });
});
