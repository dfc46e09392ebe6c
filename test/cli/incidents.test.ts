import { strict as assert } from 'node:assert';
import type { Command } from 'commander';
import { incidentsCommand } from '../../cli/commands/incidents.ts';
import type { Connect } from '../../cli/connect.ts';
import type { Io } from '../../cli/io.ts';
import { main } from '../../cli/main.ts';
import { Malformed } from '../../shared/errors.ts';
import { contained, isolating } from '../shared/views/fixtures.ts';
import { captured, fakeDeployment } from './kit.ts';

const run = async (argv: string[], to = fakeDeployment(), parts: Partial<Io> = {}) => {
  const { io, said } = captured(parts);
  const incidents = async () => (program: Command, own: Io) => incidentsCommand(program, own, to.connect);
  const code = await main(['incidents', ...argv], io, { incidents });
  return { code, ...(await said()) };
};

const withTwo = async () => {
  const to = fakeDeployment();
  for (const doc of [contained(), isolating()]) await to.stores.incidents.put(doc.id, doc, null);
  return to;
};

describe('firebreak incidents', () => {
  it('lists the incidents with state, severity, tier, target and age', async () => {
    const { code, out } = await run([], await withTwo());
    assert.equal(code, 0);
    const [heading = '', ...rows] = out.trimEnd().split('\n');
    assert.deepEqual(heading.split(/ {2,}/), ['INCIDENT', 'STATE', 'SEVERITY', 'TIER', 'TARGET', 'AGE', 'ASKS FOR']);
    assert.deepEqual(rows.map((row) => row.split(/ {2,}/)).toSorted(), [
      ['shop-cart-3f2a-1', 'contained', 'HIGH', 'quarantine', 'pod shop/cart-7d9f', '1 min'],
      ['shop-cart-3f2a-2', 'containing', 'CRITICAL', 'isolate', 'pod shop/cart-7d9f', '1 min', 'delete-workload'],
    ]);
  });

  it('tells an ask to lift the budget from one for a higher tier', async () => {
    const to = fakeDeployment();
    const { decision, ...rest } = isolating();
    assert.ok(decision?.asked !== undefined);
    const asked = { ...decision.asked, tier: 'isolate' as const, lifts: true as const };
    await to.stores.incidents.put(rest.id, { ...rest, decision: { ...decision, asked } }, null);
    assert.match((await run([], to)).out, / {2}isolate beyond the budget$/m);
  });

  it('shows all requests about the one that is meant', async () => {
    const to = await withTwo();
    for (const [n, id] of ['r-1', 'r-2', 'r-3'].entries()) {
      const key = n === 2 ? 'shop-cart-3f2a-2' : 'shop-cart-3f2a-1';
      const at = contained().openedAt;
      const request = { action: 'contain', tier: 'isolate', reason: `why ${id}`, requestedBy: 'ana' } as const;
      const blank = { v: 1, rev: 0, writer: '', id, request, publishedAt: at, firstSeenAt: at } as const;
      await to.stores.requests.put(id, { ...blank, state: 'accepted', incident: key, key }, null);
    }
    const { out } = await run(['shop-cart-3f2a-1'], to);
    assert.deepEqual(out.match(/why r-\d/g), ['why r-1', 'why r-2']);
  });

  it('lists only those of a given state', async () => {
    const { out } = await run(['--state', 'containing', '--json'], await withTwo());
    assert.deepEqual(
      JSON.parse(out).incidents.map((i: { id: string }) => i.id),
      ['shop-cart-3f2a-2'],
    );
  });

  it('lists those of one namespace, and no column of asks where none asks', async () => {
    const to = await withTwo();
    assert.equal((await run(['-n', 'shop'], to)).out.trimEnd().split('\n').length, 3);
    assert.equal((await run(['-n', 'web'], to)).out, 'no incidents in namespace web\n');
    assert.doesNotMatch((await run(['--state', 'contained'], to)).out, /ASKS FOR/);
  });

  it('shows the one that a pod or the beginning of an id means, a list of several, and to a script only one', async () => {
    const to = await withTwo();
    const one = await run([' shop-cart-3f2a-1 '], to);
    assert.match(one.out, /incident shop-cart-3f2a-1 ·/);
    assert.match((await run(['pod/cart-7d9f'], to)).out, /^INCIDENT .*\nshop-cart-3f2a-\d .*\nshop-cart-3f2a-\d /);
    assert.match((await run(['pod/cart-7d9f', '--state', 'contained'], to)).out, /incident shop-cart-3f2a-1 ·/);
    const { code, out, err } = await run(['pod/cart-7d9f', '--json'], to);
    assert.deepEqual([code, out], [1, '']);
    assert.match(err, /^firebreak: pod\/cart-7d9f means 2 incidents, so name one: .*[.]\n$/);
  });

  it('refuses what cannot be a namespace: -n=shop is another way to write one only to kubectl', async () => {
    const { code, err } = await run(['-n=shop'], await withTwo());
    assert.deepEqual([code, err.split('\n').length], [2, 2]);
    assert.match(err, /--namespace '=shop': not a valid name/);
  });

  it('says of a dry run that it is one, in the list and above one incident', async () => {
    const to = fakeDeployment();
    const { decision, ...doc } = contained();
    assert.ok(decision !== null);
    await to.stores.incidents.put(doc.id, { ...doc, decision: { ...decision, verdict: 'dry-run' } }, null);
    assert.match((await run([], to)).out, /quarantine [(]dry run[)]/);
    assert.match((await run([doc.id], to)).out.split('\n')[0] ?? '', /quarantine [(]dry run[)]$/);
  });

  it('reports that there are none', async () => {
    assert.deepEqual(await run([]), { code: 0, out: 'no incidents\n', err: '' });
    assert.equal((await run(['--state', 'asking'])).out, 'no incidents in state asking\n');
  });

  it('shows one with its timeline, and as JSON', async () => {
    const to = await withTwo();
    assert.match((await run(['shop-cart-3f2a-1'], to)).out, /✔ done +quarantine-pod/);
    assert.equal(JSON.parse((await run(['shop-cart-3f2a-1', '--json'], to)).out).id, 'shop-cart-3f2a-1');
  });

  it('shows the next commands, with --project if the incident is not of the local stack', async () => {
    const to = await withTwo();
    assert.match((await run(['shop-cart-3f2a-1'], to)).out, /firebreak release shop-cart-3f2a-1 --reason/);
    const connect: Connect = async (...args) => ({ ...(await to.connect(...args)), local: false });
    const { out } = await run(['shop-cart-3f2a-1', '--project', 'p2'], { ...to, connect });
    assert.match(out, /firebreak release shop-cart-3f2a-1 --project p2 --reason/);
  });

  it('shows a halt above the list and above one incident, with the command that ends it, and not in documents', async () => {
    const to = await withTwo();
    const set = { v: 1, rev: 0, writer: '', halted: true, at: '2026-11-03T03:13:04.000Z' } as const;
    const halt = await to.stores.halts.put('halt', { ...set, by: 'bo@example.com', reason: 'we are looking' }, null);
    const said = 'Everything is halted by bo@example.com since 2026-11-03 03:13:04 UTC: we are looking';
    for (const argv of [[], ['shop-cart-3f2a-1'], ['--state', 'asking']]) {
      const [first, second] = (await run(argv, to)).out.split('\n');
      assert.deepEqual([first, second], [said, 'To send changes again: firebreak resume --reason "..."']);
    }
    const connect: Connect = async (...args) => ({ ...(await to.connect(...args)), local: false });
    assert.match((await run(['--project', 'p2'], { ...to, connect })).out, /firebreak resume --project p2 --reason/);
    assert.doesNotMatch((await run(['--json'], to)).out, /halted/);
    await to.stores.halts.put('halt', { ...halt, halted: false }, halt.rev);
    assert.doesNotMatch((await run([], to)).out, /halted/);
  });

  it('keeps in sight, on a screen that is too low, what one incident is, below the halt and above its end', async () => {
    const to = await withTwo();
    const set = { v: 1, rev: 0, writer: '', halted: true, at: '2026-11-03T03:13:04.000Z' } as const;
    await to.stores.halts.put('halt', { ...set, by: 'bo@example.com', reason: 'we are looking' }, null);
    const connect: Connect = async (...args) => {
      let looks = 0;
      const get = async (id: string) => {
        looks += 1;
        if (looks > 1) throw new Malformed('that is all');
        return to.stores.halts.get(id);
      };
      return { ...(await to.connect(...args)), stores: { ...to.stores, halts: { ...to.stores.halts, get } } };
    };
    const screen = { isTTY: true, rows: 16, env: { NO_COLOR: '1' } };
    const { out, err } = await run(['shop-cart-3f2a-1', '--watch'], { ...to, connect }, screen);
    assert.match(err, /that is all/);
    assert.match(out, /Everything is halted by bo@example\.com/);
    assert.match(out, /pod shop\/cart-7d9f[^\n]+contained/);
    assert.match(out, /… \d+ more lines/);
    assert.match(out, /firebreak (approve|release) shop-cart-3f2a-1/);
  });

  it('ends a watch once the local stack has stopped, and shows what was there until then', async () => {
    const to = await withTwo();
    let looks = 0;
    const assertRunning = (): void => {
      looks += 1;
      if (looks > 1) throw new Malformed('the local stack has stopped.');
    };
    const connect: Connect = async (...args) => ({ ...(await to.connect(...args)), assertRunning });
    const { code, out, err } = await run(['--watch'], { ...to, connect });
    assert.deepEqual([code, err], [1, 'firebreak: the local stack has stopped.\n']);
    assert.match(out, /shop-cart-3f2a-1/);
  });

  it('colours its output on a terminal only, and never if NO_COLOR is set', async () => {
    const to = await withTwo();
    assert.match((await run([], to, { isTTY: true })).out, /\u001b\[/);
    assert.doesNotMatch((await run([], to)).out, /\u001b\[/);
    assert.doesNotMatch((await run([], to, { isTTY: true, env: { NO_COLOR: '1' } })).out, /\u001b\[/);
  });

  it('exits 1 with a sentence if there is no such incident', async () => {
    const { code, err } = await run(['i-9']);
    assert.deepEqual([code, err], [1, 'firebreak: there is no incident i-9: see `firebreak incidents`.\n']);
  });
});
