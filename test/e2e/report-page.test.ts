import { strict as assert } from 'node:assert';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'puppeteer-core';
import { reportHtml } from '../../shared/views/report-html.ts';
import { openWatched, startBrowser } from '../kit/browser.ts';
import { describeWith } from '../require.ts';
import { reportFacts } from '../shared/views/report-fixtures.ts';

describeWith('chromium', 'the report in Chromium', function () {
  this.timeout(60_000);
  let browser: Browser;
  let dir: string;
  let url: string;
  before(async () => {
    browser = await startBrowser();
    dir = await mkdtemp(join(tmpdir(), 'firebreak report '));
    const file = join(dir, 'report.html');
    await writeFile(file, reportHtml(reportFacts()));
    url = pathToFileURL(file).href;
  });
  after(async () => {
    await browser.close();
    await rm(dir, { recursive: true });
  });

  it('loads nothing but its own style, in both themes and on a phone', async () => {
    const colours: unknown[] = [];
    for (const theme of ['light', 'dark']) {
      for (const width of [1280, 360]) {
        const { page, elsewhere, troubles } = await openWatched(browser, 'null', width);
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
        await page.goto(url);
        assert.deepEqual(elsewhere, []);
        assert.deepEqual(troubles, []);
        colours.push(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
        const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        assert.ok(Number(overflow) <= 0, `${overflow} pixels stick out at ${width}, ${theme}`);
      }
    }
    assert.equal(new Set(colours).size, 2);
    assert.ok(!colours.includes('rgba(0, 0, 0, 0)'));
  });

  it('breaks no duration and no score of the timeline between its number and its word', async () => {
    for (const width of [1280, 900, 390]) {
      const { page } = await openWatched(browser, 'null', width);
      await page.goto(url);
      const broken = await page.evaluate(`[...document.querySelectorAll('.event .facts>span')].flatMap((one) => {
        const range = document.createRange();
        range.selectNodeContents(one);
        const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
        return one.textContent.length < 24 && lines.size > 1 ? [one.textContent] : [];
      })`);
      assert.deepEqual(broken, [], `at ${width}`);
    }
  });

  it('prints with everything unfolded', async () => {
    const { page } = await openWatched(browser, 'null');
    await page.goto(url);
    const folded = 'document.querySelector("details").getBoundingClientRect().height';
    const before = Number(await page.evaluate(folded));
    await page.emulateMediaType('print');
    assert.ok(Number(await page.evaluate(folded)) > before);
    const pdf = await page.pdf({ format: 'a4' });
    assert.equal(Buffer.from(pdf.subarray(0, 5)).toString(), '%PDF-');
  });
});
