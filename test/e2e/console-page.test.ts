import { strict as assert } from 'node:assert';
import type { Server } from 'node:http';
import { http } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import type { Browser, Page } from 'puppeteer-core';
import { makeConsole } from '../../functions/console/handler.ts';
import { respond } from '../../shared/adapters/http-response.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { Request } from '../../shared/model/request.ts';
import { openWatched, startBrowser } from '../kit/browser.ts';
import { consoleKit } from '../kit/console.ts';
import { appliedEntry, decisionKit, findingOn, type Kit, podNamed, targetOf } from '../kit/decision.ts';
import { describeWith } from '../require.ts';

const EVIL = [
  '"><script>window.hurt=1;alert(1)</script>',
  `<img src="https://evil.example/x.png" onerror="window.hurt=1">`,
  `'-alert(1)-' \u202egnp.exe ${'x'.repeat(9_900)}`,
];

type Served = { origin: string; kit: Kit; sent: Request[]; incident: Incident };

/** A console over documents in memory, served as functions-framework serves it; requests are carried out at once. */
const serve = async (kit: Kit): Promise<Served & AsyncDisposable> => {
  const { ports } = consoleKit({}, kit);
  const sent: Request[] = [];
  const clock = {
    ...kit.clock,
    monotonic: () => performance.now(),
    sleep: (ms: number) => new Promise<void>((r) => setTimeout(r, ms / 10)),
  };
  const answer = makeConsole({
    ...ports,
    clock,
    send: async (request) => {
      sent.push(request);
      await kit.ask(request);
      return 'm';
    },
  });
  const name = `console-${Math.random().toString(36).slice(2)}`;
  http(name, (request, response) => respond(answer, request, response));
  const server: Server = getTestServer(name);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the console has no address');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    kit,
    sent,
    incident: await kit.incident(),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
};

const asking = async (because: string[] = ['somebody ran a miner']): Promise<Kit> => {
  const kit = decisionKit();
  const target = targetOf(podNamed(kit, 'shop', 'cart-'));
  await kit.decide(findingOn(kit, target, { rule: 'exec-miner', severity: 'critical', confidence: 0.95, because }));
  return kit;
};

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

  it('shows hostile names as text: nothing runs, nothing is fetched, nothing is reordered or grows out of the page', async () => {
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

  it('lets no script run that is not ours, should one ever get into a page', async () => {
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

  it('is approved by the keyboard alone, and says so without a reload', async () => {
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

  it('takes no form from under whoever writes in it, and says when what is asked has become another', async () => {
    await using served = await serve(await asking());
    const { kit, incident } = served;
    const { page } = await openWatched(browser, served.origin);
    await page.goto(`${served.origin}/incidents/${incident.id}`, { waitUntil: 'load' });
    await page.type('#answer-reason', 'we have talked about');
    await kit.carryOut(incident.id, [appliedEntry(kit)]);
    await page.waitForFunction(`document.querySelector('[data-live=journal]').innerText.includes('quarantine-pod')`);
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

  it('can be read in light and in dark: every text stands out from what is behind it', async () => {
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

/** Texts whose contrast with what is painted behind them is below 4.5, as WCAG AA asks. */
const CONTRAST = `(() => {
  const paint = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgb = (color) => {
    paint.clearRect(0, 0, 1, 1);
    paint.fillStyle = color;
    paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => {
    const part = (v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const behind = (node) => {
    for (let at = node; at !== null; at = at.parentElement) {
      const color = rgb(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) return color;
    }
    return rgb(getComputedStyle(document.documentElement).colorScheme === 'dark' ? '#000' : '#fff');
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text !== null; text = walker.nextNode()) {
    const at = text.parentElement;
    if (text.data.trim() === '' || at.closest('.hidden,script,noscript,[hidden]') !== null || !at.checkVisibility()) continue;
    const [a, b] = [light(rgb(getComputedStyle(at).color)), light(behind(at))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) faint.push(text.data.trim().slice(0, 40) + ' ' + ratio.toFixed(2));
  }
  return faint;
})()`;
