import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { request } from '../../../shared/model/request.ts';
import { MINER } from '../../kit/asks.ts';
import { asked, consoleKit, type Form, TOKEN } from '../../kit/console.ts';
import { decisionKit, findingOn, type Kit, podNamed, targetOf } from '../../kit/decision.ts';

const askingKit = async (policy = 'mode: act'): Promise<Kit> => {
  const kit = decisionKit(policy);
  const target = targetOf(podNamed(kit, 'shop', 'cart-'));
  await kit.decide(findingOn(kit, target, MINER));
  return kit;
};

describe('a request made in the console', () => {
  it("is published under the visitor's name, and operate carries it out", async () => {
    const kit = await askingKit();
    const { id } = await kit.incident();
    const { post, formOf, sent, get } = consoleKit({}, kit);
    const { status, headers } = await post(await formOf(`/incidents/${id}`, 'approve'));
    assert.equal(status, 303);
    const [made] = sent;
    assert.ok(made?.id !== undefined);
    assert.equal(headers.location, `/incidents/${id}?request=${made.id}`);
    assert.deepEqual(request.parse(made), made);
    assert.deepEqual(
      [made.action, made.incident, made.requestedBy, made.reason],
      ['approve', id, 'operator@localhost', 'approve in the console, without a further word'],
    );
    assert.match((await get(headers.location)).body, /Your request is on its way/);
    assert.equal((await kit.ask(made)).state, 'accepted');
    assert.equal((await kit.incident()).goal?.tier, 'delete-workload');
    assert.match(
      (await get(headers.location)).body,
      /Your request to <strong>approve<\/strong> was accepted: <bdi>approved/,
    );
  });

  it('is not told as made if it could not be published', async () => {
    const kit = await askingKit();
    const { id } = await kit.incident();
    const send = () => Promise.reject(new Error('the bus is down'));
    const { post, formOf } = consoleKit({ send }, kit);
    const { status, headers, body } = await post(await formOf(`/incidents/${id}`, 'approve'));
    assert.deepEqual([status, headers.location], [503, undefined]);
    assert.match(body, /try again in a minute/);
  });

  it('has the same id however often the form is sent', async () => {
    const kit = await askingKit();
    const { id } = await kit.incident();
    const { post, formOf, sent } = consoleKit({}, kit);
    const form = await formOf(`/incidents/${id}`, 'approve');
    await post(form);
    await post(form);
    const [first, second] = sent;
    assert.deepEqual(first, second);
    assert.equal((await kit.ask(first)).state, 'accepted');
    assert.equal((await kit.ask(second)).outcome, (await kit.ports.stores.requests.get(first?.id ?? ''))?.outcome);
    assert.equal((await kit.incident()).goal?.rev, 2);
  });

  it('needs a reason for an action that nothing asked for', async () => {
    const kit = await askingKit();
    const { id } = await kit.incident();
    const { post, formOf, sent } = consoleKit({}, kit);
    for (const [path, button] of [
      [`/incidents/${id}`, 'release'],
      [`/incidents/${id}`, 'close'],
      ['/', 'halt'],
    ] as const) {
      const form = await formOf(path, button);
      const { status, body } = await post({ ...form, reason: '  ' });
      assert.equal(status, 400);
      assert.match(body, /Say why/);
      assert.equal((await post({ ...form, reason: 'a false alarm' })).status, 303);
    }
    assert.deepEqual(
      sent.map(({ action, incident, plan }) => [action, incident, plan]),
      [
        ['release', id, undefined],
        ['close', id, undefined],
        ['halt', undefined, undefined],
      ],
    );
  });

  it('halts and resumes, and every page says while everything is halted', async () => {
    const kit = await askingKit();
    const { post, formOf, sent, get } = consoleKit({}, kit);
    const { headers } = await post({ ...(await formOf('/', 'halt')), reason: 'we do not know what it is doing' });
    assert.equal(headers.location, `/?request=${sent[0]?.id}`);
    await kit.ask(sent[0]);
    const { body } = await get('/');
    assert.match(body, /Everything is halted<\/strong> by <bdi>operator@localhost/);
    assert.doesNotMatch(body, /value="halt"/);
    await kit.clock.advance(1000);
    await post({ ...(await formOf('/', 'resume')), reason: 'we know' });
    assert.equal((await kit.ask(sent[1])).state, 'accepted');
    assert.doesNotMatch((await get('/')).body, /Everything is halted/);
  });

  it('is refused by operate with a sentence if the plan has changed, and the page shows the sentence', async () => {
    const kit = await askingKit();
    const { id } = await kit.incident();
    const { post, formOf, sent, get } = consoleKit({}, kit);
    const { headers } = await post({ ...(await formOf(`/incidents/${id}`, 'approve')), plan: 'ab'.repeat(8) });
    await kit.ask(sent[0]);
    assert.match(
      (await get(headers.location ?? '')).body,
      /was refused: <bdi>field &quot;plan&quot;: the ask of incident/,
    );
  });

  it('is refused by operate if it brings what its action does not take', async () => {
    const kit = await askingKit();
    const { id } = await kit.incident();
    const { post, formOf, sent } = consoleKit({}, kit);
    const form = await formOf(`/incidents/${id}`, 'release');
    await post({ ...form, reason: 'a false alarm', plan: 'ab'.repeat(8) });
    const { state, outcome } = await kit.ask(sent[0]);
    assert.equal(state, 'refused');
    assert.match(outcome ?? '', /^field "plan": release is for all that the incident holds/);
  });

  it("is refused if its form has other fields or values than the console's forms", async () => {
    const kit = await askingKit();
    const { id } = await kit.incident();
    const { post, formOf, sent } = consoleKit({}, kit);
    const form = await formOf(`/incidents/${id}`, 'release');
    const bad: unknown[] = [
      { ...form, reason: 'x', do: 'contain' },
      { ...form, reason: 'x', requestedBy: 'root' },
      { ...form, reason: 'x', idToken: 'x' },
      { ...form, reason: 'x', id: 'short' },
      { ...form, reason: ['x', 'y'] },
      { ...form, reason: 'x'.repeat(1001) },
      { ...form, reason: 'x', incident: '../x' },
      undefined,
      'do=halt',
    ];
    for (const one of bad) assert.equal((await post({}, { form: one })).status, 400, JSON.stringify(one));
    assert.deepEqual(sent, []);
  });
});

describe('a form sent by another page', () => {
  const cases: Array<[string, Record<string, string>, Form]> = [
    ['of another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, {}],
    ['of another origin of the same site', { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:9999' }, {}],
    ['that says an origin which is not ours', { origin: 'http://127.0.0.1:9999' }, {}],
    ['of another site, whatever origin it says', { 'sec-fetch-site': 'cross-site' }, {}],
    ['of another origin of the same site, whatever origin it says', { 'sec-fetch-site': 'same-site' }, {}],
    ['that the browser took from nowhere', { 'sec-fetch-site': 'none' }, {}],
    ['whose origin is hidden', { origin: 'null' }, {}],
    ['without a token', {}, { token: '' }],
    ['with a token that is not the cookie', {}, { token: 'cd'.repeat(16) }],
    ['without the cookie', { cookie: '' }, {}],
    ['with two cookies of the name', { cookie: `firebreak=${TOKEN}; firebreak=${'cd'.repeat(16)}` }, {}],
    ['with an empty cookie and an empty token', { cookie: 'firebreak=' }, { token: '' }],
  ];
  for (const [what, headers, fields] of cases)
    it(`is refused: ${what}`, async () => {
      const { post, formOf, sent } = consoleKit();
      const form = { ...(await formOf('/', 'halt')), reason: 'x', ...fields };
      const { status } = await post(form, { headers });
      assert.equal(status, 403);
      assert.deepEqual(sent, []);
    });

  it('is refused if the sender sends no headers at all', async () => {
    const { answer, formOf, sent } = consoleKit();
    const form = { ...(await formOf('/', 'halt')), reason: 'x' };
    assert.equal((await answer(asked('/requests', { method: 'POST', form }))).status, 403);
    assert.deepEqual(sent, []);
  });

  it('cannot use a token of its own choice, because the console makes a new one for a visitor without a valid cookie', async () => {
    const { get } = consoleKit();
    const fresh = await get('/', { headers: { cookie: '' } });
    assert.match(fresh.headers['set-cookie'] ?? '', /^firebreak=[0-9a-f]{32}; Path=\/; HttpOnly; SameSite=Strict$/);
    assert.equal((await get('/')).headers['set-cookie'], undefined);
    assert.match(
      (await get('/', { headers: { cookie: 'firebreak="><script>' } })).headers['set-cookie'] ?? '',
      /^firebreak=[0-9a-f]{32};/,
    );
  });

  it('is accepted from a browser that says only an origin, or only that it is the same', async () => {
    for (const headers of [{ origin: 'http://127.0.0.1:8080' }, { 'sec-fetch-site': 'same-origin' }]) {
      const { answer, formOf, sent } = consoleKit();
      const form = { ...(await formOf('/', 'halt')), reason: 'x' };
      const { status } = await answer(asked('/requests', { method: 'POST', form, headers }));
      assert.deepEqual([status, sent.length], [303, 1]);
    }
  });
});
