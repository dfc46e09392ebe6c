import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { makeMemoryStore } from '../../../shared/adapters/store-memory.ts';
import { lookAtList } from '../../../shared/console/read.ts';
import { Newer } from '../../../shared/errors.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { openStores } from '../../../shared/store/incidents.ts';
import { MINER } from '../../kit/asks.ts';
import { asked, type ConsoleKit, consoleKit } from '../../kit/console.ts';
import { appliedEntry, decisionKit, findingOn, type Kit, podNamed, targetOf } from '../../kit/decision.ts';

/** Decides a finding on a pod that asks for delete-workload. */
const asking = async (kit: Kit): Promise<Incident> => {
  const target = targetOf(podNamed(kit, 'shop', 'cart-'));
  await kit.decide(
    findingOn(kit, target, {
      ...MINER,
      because: ['somebody ran a miner', 'it was called from "203.0.113.7"'],
      principal: 'ana@example.com',
    }),
  );
  return kit.incident();
};
const set = async (over: Parameters<typeof consoleKit>[0] = {}): Promise<ConsoleKit & { incident: Incident }> => {
  const kit = decisionKit();
  const incident = await asking(kit);
  return { ...consoleKit(over, kit), incident };
};
const page = ({ id }: { id: string }): string => `/incidents/${id}`;

describe('the head of an incident', () => {
  it('asks to do by hand what failed, and names the command that says how', async () => {
    const { get, kit, incident } = await set();
    const { decision } = incident;
    assert.ok(decision !== null);
    const { asked: _, ...unasked } = decision;
    const { incidents } = kit.ports.stores;
    await incidents.put(incident.id, { ...incident, state: 'failed', decision: unasked }, incident.rev);
    const { body } = await get(page(incident));
    const [head = ''] = /aria-label="At a glance"[\s\S]*?<\/section>/.exec(body) ?? [];
    assert.match(head, /To do by hand what failed/);
    assert.ok(head.includes(`firebreak report ${incident.id} --format md --project p1`), head);
  });

  it('says so beside an open question too', async () => {
    const { get, kit, incident } = await set();
    await kit.ports.stores.incidents.put(incident.id, { ...incident, state: 'failed' }, incident.rev);
    const { body } = await get(page(incident));
    const [head = ''] = /aria-label="At a glance"[\s\S]*?<\/section>/.exec(body) ?? [];
    assert.match(head, /Approve [\s\S]*UTC\. <span class="warn">To do by hand what failed/);
  });
});

describe('the list of incidents', () => {
  it('says that nothing has happened if there is no incident', async () => {
    const { get } = consoleKit();
    const { status, body } = await get('/');
    assert.equal(status, 200);
    assert.match(body, /Nothing has happened/);
  });

  it('says at its end how many incidents it leaves out, and why', async () => {
    const kit = decisionKit();
    const { clock } = kit.ports;
    const raw = makeMemoryStore(clock);
    const stores = openStores({ raw, clock, unreadable: () => {} });
    const write = (id: string, body: object): Promise<void> =>
      raw.put(
        'incidents',
        id,
        { rev: 1, state: 'open', updatedAt: timeOf(clock.now()), body: JSON.stringify(body) },
        null,
      );
    const { get } = consoleKit({ stores }, kit);
    const shown = async (): Promise<string> => (await get('/?q=nowhere')).body;
    await write('i-1', { v: 99 });
    const [before, one] = [await lookAtList(stores, undefined), await shown()];
    assert.match(one, /No incident matches[\s\S]*>1 incident left out: a newer version of Firebreak wrote/);
    assert.doesNotMatch(one, /Nothing has happened|cannot be read/);
    await write('i-2', { v: 99 });
    await write('i-3', { v: 1 });
    assert.match(
      await shown(),
      />2 incidents left out: a newer[\s\S]*>1 incident left out: what is stored cannot be read/,
    );
    assert.notEqual(await lookAtList(stores, undefined), before);
  });

  it('shows first the incidents that wait for a person, with what they ask', async () => {
    const { get, incident } = await set();
    const { body } = await get('/');
    assert.match(body, /Waiting for you <span class="dim">1</);
    assert.ok(body.includes(`href="${page(incident)}"`));
    assert.match(body, /asks: delete-workload/);
    assert.match(body, /Cryptocurrency miner started in a pod/);
  });

  it('says of a dry run that it is one', async () => {
    const kit = decisionKit('mode: dry-run');
    const shows = async (): Promise<string> => (await consoleKit({}, kit).get('/')).body;
    assert.doesNotMatch(await shows(), /dry run/);
    await asking(kit);
    assert.match(await shows(), /<span class="tier t-isolate">isolate<\/span><span class="tag">dry run<\/span>/);
  });

  it('is filtered by a state and by words, all of which must match', async () => {
    const { get, incident } = await set();
    const shows = async (query: string): Promise<boolean> =>
      (await get(`/?${query}`)).body.includes(`id="${incident.id}"`);
    assert.equal(await shows('state=containing'), true);
    assert.equal(await shows('state=released'), false);
    assert.equal(await shows('q=CART+exec-miner'), true);
    assert.equal(await shows('q=ana%40example.com'), true);
    assert.equal(await shows('q=cart+nowhere'), false);
    assert.equal(await shows('state=nonsense'), true);
  });

  it('keeps the search words, escaped as text', async () => {
    const { get } = await set();
    const { body } = await get(`/?q=${encodeURIComponent('"><script>x</script>')}`);
    assert.ok(body.includes('value="&quot;&gt;&lt;script&gt;x&lt;/script&gt;"'));
    assert.ok(!body.includes('<script>'));
  });
});

describe('the page of an incident', () => {
  it('shows the findings, their weight, the matrix cell and the open ask', async () => {
    const { get, incident } = await set();
    const { body, status } = await get(page(incident));
    assert.equal(status, 200);
    assert.match(body, /somebody ran a miner/);
    assert.match(body, /https:\/\/attack\.mitre\.org\/techniques\/T1496\/001\//);
    assert.match(body, /<code>1 − \(1 − 0\.95\) = <strong>0\.95<\/strong>/);
    assert.match(body, /<td class="here" aria-current="true"><span class="tier t-delete-workload">/);
    assert.match(body, /Approve delete-workload/);
    assert.ok(body.includes(`name="plan" value="${incident.decision?.asked?.plan}"`));
  });

  it('shows the entry of a step with its before-image, from its own journal or that of a shared host', async () => {
    const { get, incident, kit } = await set();
    const own = { ...appliedEntry(kit), before: { labels: { app: 'cart' } }, because: 'label <b>set</b>' };
    const shared = { ...appliedEntry(kit), step: 'cordon-node' as const, subject: 'n1', uid: '42', host: '42' };
    const { before: _, ...without } = shared;
    await kit.carryOut(incident.id, [own, without]);
    const host = { v: 1 as const, rev: 0, writer: '', id: '42', instance: '42', node: 'n1', holders: [incident.id] };
    const journal = [{ ...shared, before: { unschedulable: false } }];
    await kit.ports.stores.hosts.put('42', { ...host, journal }, null);
    const { body } = await get(page(incident));
    assert.match(body, /&quot;app&quot;: &quot;cart&quot;/);
    assert.match(body, /&quot;unschedulable&quot;: false/);
    assert.match(body, /label &lt;b&gt;set&lt;\/b&gt;/);
    assert.match(body, /<span class="proof is-proven">proven/);
  });

  it('shows what stays valid from the evidence, or where the evidence is if it cannot be read', async () => {
    const valid = {
      serviceAccount: 'shop/cart',
      secrets: [{ name: 'cart-db' }],
      revoke: [{ ends: 'all', command: 'kubectl x' }],
    };
    const kit = decisionKit();
    const incident = await asking(kit);
    const revoke = [{ ends: 'everything', command: 'kubectl delete serviceaccount cart' }];
    await kit.carryOut(incident.id, [
      { ...appliedEntry(kit), step: 'capture-evidence', subject: 'shop/cart#objects', revoke },
    ]);
    const key = `incidents/${incident.id}/u/objects/what-stays-valid.json`;
    const get = async (one: string) => (one === key ? Buffer.from(JSON.stringify(valid)) : undefined);
    const { body } = await consoleKit({ evidence: { get } }, kit).get(page(incident));
    assert.match(body, /cart-db/);
    assert.match(body, /kubectl x/);
    assert.ok((await consoleKit({}, kit).get(page(incident))).body.includes(`It is in the evidence, as ${key}.`));
    const broken = consoleKit({ evidence: { get: async () => Buffer.from('{') } }, kit);
    const { body: told } = await broken.get(page(incident));
    assert.match(told, /cannot be read/);
    assert.match(told, /kubectl delete serviceaccount cart/);
  });

  it('escapes whatever an attacker has written, and cuts it to a readable length', async () => {
    const kit = decisionKit();
    const evil = `"><script>alert(1)</script>\u202e<img src=x onerror=alert(1)>' ${'x'.repeat(900)}`;
    const target = targetOf(podNamed(kit, 'shop', 'cart-'));
    await kit.decide(findingOn(kit, target, { rule: 'exec-miner', because: Array.from({ length: 20 }, () => evil) }));
    const incident = await kit.incident();
    const image = { note: 'y'.repeat(50_000), [evil]: evil };
    await kit.carryOut(incident.id, [{ ...appliedEntry(kit), subject: evil, before: image, because: evil }]);
    const { get } = consoleKit({}, kit);
    const { body } = await get(page(incident));
    assert.equal([...body.matchAll(/<script/g)].length, 1);
    assert.doesNotMatch(body, /<img|\u202e|onerror=alert\(1\)>/);
    assert.match(body, /cut here: the whole is \d+ characters long/);
    assert.ok(body.length < 200_000, String(body.length));
  });

  it('answers 404 for an incident that does not exist', async () => {
    const { get } = consoleKit();
    assert.equal((await get('/incidents/nothing')).status, 404);
    assert.equal((await get('/incidents/../../etc')).status, 404);
    assert.equal((await get('/incidents/UPPER')).status, 404);
  });

  it('offers no answer or request once the incident is over', async () => {
    const { get, incident, kit } = await set();
    await kit.ask({ action: 'close', incident: incident.id, reason: 'dealt with', requestedBy: 'ana@example.com' });
    const { body } = await get(page(incident));
    assert.doesNotMatch(body, /value="(approve|reject|release|close)"/);
    assert.match(body, /dealt with/);
    assert.match(body, /accepted<\/span> by <bdi>ana@example\.com \(claimed\)<\/bdi>/);
  });
});

describe('every answer of the console', () => {
  it('forbids foreign scripts, styles and addresses, and frames, and only the files may be cached', async () => {
    const { answer, get, post, incident } = await set();
    const stream = await answer(asked('/events'));
    assert.ok('stream' in stream);
    const files = [await get('/style.css'), await get('/console.js'), await get('/icon.svg')];
    const pages = [await get('/'), await get(page(incident)), await get('/nowhere'), await post({ do: 'halt' })];
    const stranger = await get('/', { remote: '192.0.2.1' });
    for (const { headers } of [...files, ...pages, stranger, stream]) {
      const policy = headers['content-security-policy'] ?? '';
      assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/);
      assert.match(policy, /frame-ancestors 'none'/);
      assert.doesNotMatch(policy, /unsafe|\*|https?:/);
      assert.equal(headers['x-content-type-options'], 'nosniff');
    }
    for (const { headers } of [...pages, stranger, stream]) assert.equal(headers['cache-control'], 'no-store');
    for (const { headers } of files) assert.match(headers['cache-control'] ?? '', /^public, .*immutable$/);
  });

  it('contains no inline script or style', async () => {
    const { get, incident } = await set();
    for (const { body } of [await get('/'), await get(page(incident))]) {
      assert.deepEqual(
        [...body.matchAll(/<script[^>]*>/g)].map(([tag]) => tag.replace(/\?[0-9a-f]+/, '')),
        ['<script src="/console.js" defer>'],
      );
      assert.doesNotMatch(body, /<style|\sstyle=|\son[a-z]+=|javascript:/i);
    }
    assert.equal((await get('/console.js')).headers['content-type'], 'text/javascript; charset=utf-8');
    assert.equal((await get('/style.css')).headers['content-type'], 'text/css; charset=utf-8');
    assert.equal((await get('/icon.svg')).status, 200);
  });

  it('accepts no other method or path for requests', async () => {
    const { answer, get, sent } = await set();
    assert.equal((await answer(asked('/', { method: 'POST' }))).status, 405);
    assert.equal((await answer(asked('/', { method: 'PUT' }))).status, 405);
    assert.equal((await get('/requests')).status, 405);
    assert.equal((await get('/constructor')).status, 404);
    assert.deepEqual(sent, []);
  });

  it('answers a HEAD of a page like a GET, but opens no stream for one', async () => {
    const { answer, incident } = await set();
    for (const path of ['/', page(incident)]) assert.equal((await answer(asked(path, { method: 'HEAD' }))).status, 200);
    assert.equal((await answer(asked('/events', { method: 'HEAD' }))).status, 405);
  });

  it('says of an incident that only a newer version reads what to do, as after a rollback', async () => {
    const { ports, incident } = await set();
    const get = () => Promise.reject(new Newer('incidents/i-1 has version 2'));
    const older = consoleKit({ stores: { ...ports.stores, incidents: { ...ports.stores.incidents, get } } });
    const { status, body } = await older.get(page(incident));
    assert.equal(status, 503);
    assert.match(body, /A newer version of Firebreak wrote what this page shows, .*: deploy it again/);
  });

  it('gives a sentence without details if the store cannot be read', async () => {
    const { ports } = consoleKit();
    const get = () => Promise.reject(new Error('password=hunter2'));
    const broken = consoleKit({ stores: { ...ports.stores, halts: { ...ports.stores.halts, get } } });
    const { status, body } = await broken.get('/');
    assert.equal(status, 503);
    assert.match(body, /try again in a minute/);
    assert.doesNotMatch(body, /hunter2/);
  });
});
