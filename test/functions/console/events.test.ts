import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import type { Asked } from '../../../shared/console/http.ts';
import { MOST_OF_ONE, MOST_STREAMS } from '../../../shared/console/live.ts';
import { asked, type ConsoleKit, consoleKit } from '../../kit/console.ts';
import { appliedEntry, decisionKit, findingOn, type Kit, podNamed, targetOf } from '../../kit/decision.ts';

const signatureIn = (page: string): string => /data-signature="([0-9a-f]+)"/.exec(page)?.[1] ?? 'none';

/** Listens to the events at `url`. `told` collects the signatures that were sent. */
const listen = async ({ answer }: ConsoleKit, url: string, over: Partial<Asked> = {}) => {
  const reply = await answer(asked(url, over));
  assert.ok('stream' in reply);
  assert.match(reply.headers['content-type'] ?? '', /^text\/event-stream/);
  const told: string[] = [];
  const gone = new AbortController();
  const ended = reply.stream((text) => {
    const signature = /^event: state\ndata: (\w+)\n\n$/.exec(text)?.[1];
    if (signature !== undefined) told.push(signature);
  }, gone.signal);
  return { told, gone, ended };
};

const seen = async (kit: Kit): Promise<void> => {
  await kit.decide(findingOn(kit, targetOf(podNamed(kit, 'shop', 'cart-'))));
};

describe('the events of the console', () => {
  it('begin with the signature of the list, and report a new incident', async () => {
    const console = consoleKit();
    const { kit, get } = console;
    const { told, gone, ended } = await listen(console, '/events');
    await kit.clock.advance(3000);
    assert.deepEqual(told, [signatureIn((await get('/')).body)]);
    await seen(kit);
    await kit.clock.advance(3000);
    assert.equal(told.length, 2);
    assert.equal(told[1], signatureIn((await get('/')).body));
    gone.abort();
    await kit.clock.advance(2000);
    await ended;
  });

  it('report a change to their incident, its answer and a halt, but no other incident', async () => {
    const kit = decisionKit();
    await seen(kit);
    const { id } = await kit.incident();
    const console = consoleKit({}, kit);
    const { told } = await listen(console, `/events?incident=${id}&request=r1`);
    const step = async (change: () => Promise<unknown>): Promise<number> => {
      const before = told.length;
      await change();
      await kit.clock.advance(2500);
      return told.length - before;
    };
    assert.equal(await step(async () => undefined), 1);
    assert.equal(await step(() => kit.carryOut(id, [appliedEntry(kit)])), 1);
    const other = targetOf(podNamed(kit, 'shop', 'node-agent-'));
    assert.equal(await step(() => kit.decide(findingOn(kit, other))), 0);
    const by = { reason: 'x', requestedBy: 'ana@example.com' };
    assert.equal(
      await step(() => kit.ask({ id: 'r1', action: 'reject', incident: id, plan: 'ab'.repeat(8), ...by })),
      1,
    );
    assert.equal(await step(() => kit.ask({ action: 'halt', ...by })), 1);
    const page = await console.get(`/incidents/${id}?request=r1`);
    assert.equal(told.at(-1), signatureIn(page.body));
  });

  it('report to each of two windows, open at once on two incidents, only what changes there', async () => {
    const kit = decisionKit();
    for (const start of ['cart-', 'node-agent-'])
      await kit.decide(findingOn(kit, targetOf(podNamed(kit, 'shop', start))));
    const [one, two] = await kit.incidents();
    assert.ok(one !== undefined && two !== undefined);
    const console = consoleKit({}, kit);
    const urls = [`/events?incident=${one.id}`, `/events?incident=${two.id}`, `/events?incident=${one.id}&request=r1`];
    const windows = await Promise.all(urls.map((url) => listen(console, url)));
    const counts = async (): Promise<number[]> => {
      await kit.clock.advance(2500);
      return windows.map(({ told }) => told.length);
    };
    assert.deepEqual(await counts(), [1, 1, 1]);
    await kit.carryOut(two.id, [appliedEntry(kit)]);
    assert.deepEqual(await counts(), [1, 2, 1]);
    const asks = { id: 'r1', action: 'reject', incident: two.id, plan: 'ab'.repeat(8) };
    await kit.ask({ ...asks, reason: 'x', requestedBy: 'ana@example.com' });
    assert.deepEqual(await counts(), [1, 2, 2]);
  });

  it('read the store once for all listeners of the same page', async () => {
    const kit = decisionKit();
    let looks = 0;
    const { ports } = consoleKit({}, kit);
    const { halts } = ports.stores;
    const get = (id: string) => {
      looks += 1;
      return halts.get(id);
    };
    const console = consoleKit({ stores: { ...ports.stores, halts: { ...halts, get } } }, kit);
    await Promise.all(Array.from({ length: 20 }, () => listen(console, '/events')));
    await kit.clock.advance(5500);
    assert.ok(looks <= 8, String(looks));
  });

  it('end after a while, so that the browser has to identify its user again', async () => {
    const console = consoleKit();
    const { ended } = await listen(console, '/events');
    await console.kit.clock.advance(11 * 60_000);
    await ended;
  });

  it('are refused beyond the limit of streams, while pages are still served', async () => {
    const console = consoleKit();
    const [first] = await Promise.all(Array.from({ length: MOST_STREAMS }, () => listen(console, '/events')));
    const { status, body } = await console.get('/events');
    assert.equal(status, 503);
    assert.match(body, /Too many windows are open on the console: reload the page to see what has changed\./);
    assert.equal((await console.get('/')).status, 200);
    first?.gone.abort();
    await console.kit.clock.advance(2000);
    await listen(console, '/events');
    assert.equal((await console.get('/events')).status, 503);
  });

  it('are limited for each visitor', async () => {
    const door = { kind: 'verified', verifier: { verify: async (email: string) => ({ email }) } } as const;
    const console = consoleKit({ door });
    const by = (email: string) => ({ headers: { 'x-goog-iap-jwt-assertion': email } });
    const windows = await Promise.all(
      Array.from({ length: MOST_OF_ONE }, () => listen(console, '/events', by('ana@example.com'))),
    );
    const { status, body } = await console.get('/events', by('ana@example.com'));
    assert.equal(status, 429);
    assert.match(body, /ana@example\.com has 6 windows open on the console: close one, or reload the page/);
    await listen(console, '/events', by('bob@example.com'));
    for (const { gone } of windows) gone.abort();
    await console.kit.clock.advance(2000);
    for (const _ of windows) await listen(console, '/events', by('ana@example.com'));
    assert.equal((await console.get('/events', by('ana@example.com'))).status, 429);
  });

  it('keep to the limit when many are requested at the same time', async () => {
    const console = consoleKit();
    const replies = await Promise.all(Array.from({ length: 80 }, () => console.answer(asked('/events'))));
    assert.equal(replies.filter((reply) => 'stream' in reply).length, MOST_STREAMS);
  });

  it('go on after the store could not be read for a moment', async () => {
    const kit = decisionKit();
    const { ports } = consoleKit({}, kit);
    let isDown = true;
    const { halts } = ports.stores;
    const get = (id: string) => (isDown ? Promise.reject(new Error('down')) : halts.get(id));
    const console = consoleKit({ stores: { ...ports.stores, halts: { ...halts, get } } }, kit);
    const { told } = await listen(console, '/events');
    await kit.clock.advance(3000);
    assert.deepEqual(told, []);
    isDown = false;
    await kit.clock.advance(4000);
    assert.equal(told.length, 1);
  });
});
