import { strict as assert } from 'node:assert';
import type { Browser, Page } from 'puppeteer-core';
import { MOST_STREAMS } from '../../shared/console/live.ts';
import { timeOf } from '../../shared/model/time.ts';
import { openWatched, startBrowser } from '../kit/browser.ts';
import { appliedEntry } from '../kit/decision.ts';
import { describeWith } from '../require.ts';
import { asking, serve } from './console-kit.ts';

const EVIL = [
  '"><script>window.hurt=1;alert(1)</script>',
  `<img src="https://evil.example/x.png" onerror="window.hurt=1">`,
  `'-alert(1)-' \u202egnp.exe ${'x'.repeat(9_900)}`,
];

const widthOf = (page: Page): Promise<number[]> =>
  page.evaluate('[document.documentElement.scrollWidth, window.innerWidth]') as Promise<number[]>;
const textOf = (page: Page): Promise<string> => page.evaluate('document.body.innerText') as Promise<string>;

describeWith('chromium', 'the console in a real browser', function () {
  this.timeout(120_000);
  let browser: Browser;
  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser.close());

  it('shows hostile names as text: they run nothing, fetch nothing, reorder nothing and do not widen the page', async () => {
    const kit = await asking(EVIL.map((text) => text.slice(0, 1000)));
    const { id } = await kit.incident();
    const [first = '', second = '', third = ''] = EVIL;
    await kit.carryOut(id, [
      { ...appliedEntry(kit), subject: first, because: second },
      { ...appliedEntry(kit), uid: 'v', subject: third, because: third, before: { [first]: third } },
    ]);
    await using served = await serve(kit);
    for (const width of [1280, 360]) {
      const { page, elsewhere, troubles, dialogs } = await openWatched(browser, served.origin, width);
      for (const path of ['/', `/incidents/${id}`, `/?q=${encodeURIComponent(first)}`]) {
        await page.goto(`${served.origin}${path}`, { waitUntil: 'load' });
        const [wide, room] = await widthOf(page);
        assert.ok((wide ?? 0) <= (room ?? 0), `${path} is ${wide} wide in ${room}`);
      }
      await page.goto(`${served.origin}/incidents/${id}`, { waitUntil: 'load' });
      const text = await textOf(page);
      assert.ok(text.includes('<script>window.hurt=1;alert(1)</script>'));
      assert.ok(!text.includes('\u202e'));
      assert.equal(await page.evaluate('window.hurt'), undefined);
      assert.deepEqual({ elsewhere, troubles, dialogs }, { elsewhere: [], troubles: [], dialogs: [] });
      await page.close();
    }
  });

  it('leads to each part of an incident, keeps the journal folded, and cuts nothing off', async () => {
    const kit = await asking();
    const later = timeOf(kit.clock.now() + 11 * 3_600_000 + 25 * 60_000);
    await kit.carryOut((await kit.incident()).id, [{ ...appliedEntry(kit), startedAt: later }]);
    await using served = await serve(kit);
    for (const width of [1280, 360]) {
      const { page } = await openWatched(browser, served.origin, width);
      await page.goto(`${served.origin}/incidents/${served.incident.id}`, { waitUntil: 'load' });
      const led = await page.$$eval('.toc a', (all) => all.map((one) => one.getAttribute('href')?.slice(1) ?? ''));
      const heads = await page.$$eval('[data-live] > h2[id]', (all) => all.map(({ id }) => id));
      assert.ok(led.length > 5);
      assert.deepEqual(led, heads);
      assert.equal(await page.$eval('[data-live=journal] > details', (one) => one.hasAttribute('open')), false);
      const cut = await page.$$eval('.wide, .when', (all) =>
        all.filter((one) => one.scrollWidth > one.clientWidth).map(({ className }) => className),
      );
      assert.deepEqual(cut, [], `at ${width}`);
      await page.close();
    }
  });

  it('leaves no gap where an incident that is over has no forms any more', async () => {
    const kit = await asking();
    await kit.ask({ action: 'close', incident: (await kit.incident()).id, reason: 'x', requestedBy: 'bo@example.com' });
    await using served = await serve(kit);
    const { page } = await openWatched(browser, served.origin);
    await page.goto(`${served.origin}/incidents/${served.incident.id}`, { waitUntil: 'load' });
    assert.equal(await page.$eval('[data-live=actions]', (one) => getComputedStyle(one).display), 'none');
    await page.close();
  });

  it('blocks a foreign script or image even if one gets into a page', async () => {
    await using served = await serve(await asking());
    const { page, troubles } = await openWatched(browser, served.origin);
    await page.goto(served.origin, { waitUntil: 'load' });
    await page
      .evaluate(`(() => {
      const script = document.createElement('script');
      script.append('window.hurt = 1');
      document.body.append(script);
    })()`)
      .catch(() => undefined);
    const image = await page.evaluate(`new Promise((told) => {
      const image = new Image();
      image.onerror = () => told('refused');
      image.onload = () => told('loaded');
      image.src = 'https://evil.example/x.png';
    })`);
    assert.equal(await page.evaluate('window.hurt'), undefined);
    assert.equal(image, 'refused');
    assert.ok(
      troubles.some((text) => /Content Security Policy/i.test(text)),
      troubles.join('\n'),
    );
    await page.close();
  });

  it('reports that it is not live if too many watch, and shows the current state', async () => {
    await using served = await serve(await asking());
    const gone = new AbortController();
    const watching = await Promise.all(
      Array.from({ length: MOST_STREAMS }, () => fetch(`${served.origin}/events`, { signal: gone.signal })),
    );
    assert.ok(watching.every(({ status }) => status === 200));
    const { page } = await openWatched(browser, served.origin);
    await page.goto(`${served.origin}/incidents/${served.incident.id}`, { waitUntil: 'load' });
    await page.waitForFunction(`document.getElementById('live').innerText.startsWith('Not live: too many watch')`);
    await page.reload({ waitUntil: 'load' });
    assert.ok((await textOf(page)).includes('somebody ran a miner'));
    gone.abort();
    await page.close();
  });

  it('says where it is seen that a page is out of date, and brings it up to date as soon as it can', async () => {
    const kit = await asking();
    await using served = await serve(kit);
    const { incident } = served;
    const { page } = await openWatched(browser, served.origin);
    await page.evaluateOnNewDocument(`const real = window.setTimeout;
      window.setTimeout = (work, ms) => real(work, ms / 20);`);
    await page.goto(`${served.origin}/incidents/${incident.id}`, { waitUntil: 'load' });
    const isSeen = `(() => {
      const { top, bottom } = document.getElementById('live').getBoundingClientRect();
      return top >= 0 && bottom <= window.innerHeight;
    })()`;
    await page.waitForFunction(`document.getElementById('live').innerText === 'Live'`);
    assert.equal(await page.evaluate(isSeen), false);
    const { list } = kit.ports.stores.requests;
    kit.ports.stores.requests.list = () => Promise.reject(new Error('the database is away'));
    await kit.carryOut(incident.id, [appliedEntry(kit)]);
    await page.waitForFunction(`document.getElementById('live').innerText.startsWith('Not up to date')`);
    assert.equal(await page.evaluate(isSeen), true);
    kit.ports.stores.requests.list = list;
    await page.waitForFunction(`document.querySelector('[data-live=timeline]').innerText.includes('quarantine-pod')`);
    await page.waitForFunction(`document.getElementById('live').innerText === 'Live'`);
    assert.equal(await page.evaluate(isSeen), false);
    await page.close();
  });

  it('counts down to the end of an ask while the page stays open', async () => {
    await using served = await serve(await asking());
    const { kit, incident } = served;
    const { page } = await openWatched(browser, served.origin);
    // The browser's clock is that of the deployment, and its intervals are short.
    await page.evaluateOnNewDocument(`window.now = ${kit.clock.now()};
      Date.now = () => window.now;
      const real = window.setInterval;
      window.setInterval = (work) => real(work, 20);`);
    await page.goto(`${served.origin}/incidents/${incident.id}`, { waitUntil: 'load' });
    const shown = (text: string) =>
      page.waitForFunction(`document.querySelector('.ask').innerText.includes(${JSON.stringify(text)})`);
    await page.evaluate('window.now += 57.5 * 60_000');
    await shown(', 2 min from now;');
    await page.evaluate('window.now += 3 * 60_000');
    await shown(', which is over;');
    await page.close();
  });

  it('works without a script', async () => {
    await using served = await serve(await asking());
    const { page } = await openWatched(browser, served.origin);
    await page.setJavaScriptEnabled(false);
    await page.goto(`${served.origin}/incidents/${served.incident.id}`, { waitUntil: 'load' });
    await page.type('#answer-reason', 'not now');
    await Promise.all([page.waitForNavigation(), page.click('button[value=reject]')]);
    assert.deepEqual(
      served.sent.map(({ action, reason }) => [action, reason]),
      [['reject', 'not now']],
    );
    const html = await page.content();
    assert.match(html, /was accepted/);
    await page.close();
  });

  it('keeps a form while somebody writes in it, and reports when the ask has changed', async () => {
    await using served = await serve(await asking());
    const { kit, incident } = served;
    const { page } = await openWatched(browser, served.origin);
    await page.goto(`${served.origin}/incidents/${incident.id}`, { waitUntil: 'load' });
    await page.type('#answer-reason', 'we have talked about');
    await kit.carryOut(incident.id, [appliedEntry(kit)]);
    await page.waitForFunction(`document.querySelector('[data-live=timeline]').innerText.includes('quarantine-pod')`);
    assert.equal(
      await page.$eval('#answer-reason', (field) => ('value' in field ? field.value : '')),
      'we have talked about',
    );
    assert.equal(await page.$eval('.stale', (note) => note.hasAttribute('hidden')), true);
    await kit.ask({ action: 'close', incident: incident.id, reason: 'dealt with', requestedBy: 'bob@example.com' });
    await page.waitForFunction(`!document.querySelector('.stale').hidden`);
    assert.equal(
      await page.$eval('#answer-reason', (field) => ('value' in field ? field.value : '')),
      'we have talked about',
    );
    await page.close();
  });
});
