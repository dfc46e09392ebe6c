import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'puppeteer-core';
import { cryptominer } from '../../local/scenarios/cryptominer.ts';
import type { Stack } from '../../local/stack.ts';
import { QUARANTINE_TAG } from '../../shared/containment/quarantine-rules.ts';
import { openWatched, startBrowser } from '../kit/browser.ts';
import { describeWith } from '../require.ts';
import { isCarriedOut, stackFor, until } from './kit.ts';

/** Quarantine runs without approval; anything further needs it. */
const ASKS_TO_ISOLATE = `
mode: act
matrix: { critical: [snapshot, quarantine, isolate, isolate] }
modes: { isolate: ask }
`;

const policyFile = async (text: string): Promise<{ path: string } & AsyncDisposable> => {
  const dir = await mkdtemp(join(tmpdir(), 'firebreak policy '));
  const path = join(dir, 'policy.yaml');
  await writeFile(path, text);
  return { path, [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) };
};

const attack = async (stack: Stack): Promise<void> => {
  for (const { topic, body, attributes } of cryptominer.events(stack.world, Date.now()))
    await stack.publish(topic, body, attributes);
};

const first = async ({ stores }: Stack) => (await stores.incidents.list({})).items[0];

/** Waits until the page shows the text, without being reloaded. */
const shows = (page: Page, text: string): Promise<unknown> =>
  page.waitForFunction(`document.querySelector('main').innerText.includes(${JSON.stringify(text)})`, {
    timeout: 100_000,
    polling: 100,
  });
const mark = (page: Page): Promise<unknown> => page.evaluate('window.unloaded = true');
const wasNotReloaded = (page: Page): Promise<unknown> => page.evaluate('window.unloaded');

const ask = async (page: Page, action: string, reason: string): Promise<void> => {
  await page.$$eval('details.end', (all) => {
    for (const one of all) one.setAttribute('open', '');
  });
  // A page stops replacing a form once somebody has typed in it.
  await page.locator(`form:has(button[value=${action}]) textarea`).fill(reason);
  await Promise.all([page.waitForNavigation(), page.locator(`button[value=${action}]`).click()]);
};

describeWith('chromium', 'an incident from the browser, over all of the stack', function () {
  this.timeout(300_000);
  let browser: Browser;
  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser.close());

  it('appears without a reload, starts the next tier once it is approved, and is undone once it is released', async () => {
    await using policy = await policyFile(ASKS_TO_ISOLATE);
    await using run = await stackFor({ policy: policy.path });
    const { stack } = run;
    const origin = stack.addresses.functions.console;
    assert.ok(origin !== undefined);
    assert.equal(JSON.parse(await readFile(join(stack.dir, 'local.json'), 'utf8')).console, origin);
    const { page, elsewhere, troubles } = await openWatched(browser, origin);
    await page.goto(origin, { waitUntil: 'load' });
    await shows(page, 'Nothing has happened');
    await mark(page);

    await attack(stack);
    await shows(page, 'asks: isolate');
    await shows(page, 'contained');
    assert.equal(await wasNotReloaded(page), true);

    await Promise.all([page.waitForNavigation(), page.click('.row a')]);
    await shows(page, 'Approve isolate');
    await shows(page, 'To revoke them');
    const incident = await until(async () => {
      const found = await first(stack);
      return isCarriedOut(found) && found;
    });
    const host = incident.subjects.flatMap((s) => (s.kind === 'pod' ? (s.host ?? []) : []))[0];
    const [cluster] = stack.world.clusters.values();
    assert.ok(cluster !== undefined && host !== undefined);
    const isCut = (): boolean => {
      const vm = [...stack.world.compute.state.instances.values()].find((one) => String(one.id) === host.id);
      return vm?.tags.items?.includes(QUARANTINE_TAG) === true;
    };
    const isCordoned = (): boolean =>
      cluster.list('v1', 'Node').find((one) => one.metadata.name === host.node)?.spec?.unschedulable === true;
    assert.deepEqual([isCordoned(), isCut()], [true, false]);

    await ask(page, 'approve', 'it mines');
    await shows(page, 'Your request to approve was accepted');
    await mark(page);
    const isolated = await until(async () => {
      const found = await first(stack);
      return isCarriedOut(found) && found.goal?.tier === 'isolate' && found;
    });
    assert.deepEqual([isolated.goal?.by, isolated.goal?.requested], ['operator@localhost (claimed)', true]);
    assert.equal(isCut(), true);
    await shows(page, 'remove-external-ip');
    assert.equal(await wasNotReloaded(page), true);

    await ask(page, 'release', 'the cart was meant to');
    await shows(page, 'Your request to release was accepted');
    await mark(page);
    await until(async () => (await first(stack))?.state === 'released');
    await page.waitForFunction(`document.querySelector('[data-live=hero]').innerText.includes('released')`);
    await shows(page, 'undone');
    assert.equal(await wasNotReloaded(page), true);
    assert.deepEqual([isCordoned(), isCut()], [false, false]);
    assert.equal(await page.$('button[value=release]'), null);
    assert.deepEqual({ elsewhere, troubles }, { elsewhere: [], troubles: [] });
  });
});
