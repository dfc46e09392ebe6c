import { strict as assert } from 'node:assert';
import type { Stack } from '../../local/stack.ts';
import { SHOP } from '../../local/world/seed.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { RequestRecord } from '../../shared/model/request.ts';
import { CONTAIN, openIncident, podNamed, subjectOf } from '../kit/containment.ts';
import { changesBy, isCarriedOut, stackFor, until } from './kit.ts';

const answered = (stack: Stack, id: string): Promise<RequestRecord> =>
  until(async () => {
    const record = await stack.stores.requests.get(id);
    return record !== undefined && record.state !== 'seen' && record;
  });

const only = async (stack: Stack): Promise<Incident> =>
  until(async () => {
    const [first] = (await stack.stores.incidents.list({})).items;
    return isCarriedOut(first) && first;
  });

const WHO = { reason: 'seen in triage', requestedBy: 'ana@example.com' };

// An operator who uses nothing but Pub/Sub. All cases share one stack and follow on from each other.
describe('operate, end to end', function () {
  this.timeout(120_000);
  let run: Awaited<ReturnType<typeof stackFor>>;
  let stack: Stack;
  before(async () => {
    run = await stackFor({ functions: ['operate', 'contain'] });
    stack = run.stack;
  });
  after(() => run?.[Symbol.asyncDispose]());

  const targetOf = (app: string) => {
    const { name } = podNamed(run.desk, 'shop', app).metadata;
    return { ...SHOP, namespace: 'shop', pod: name };
  };

  it('refuses a request that cannot be carried out, with a sentence, and changes nothing', async () => {
    await stack.publish('requests', { id: 'none', action: 'release', incident: 'i-none-1', ...WHO });
    const wrong = { action: 'contain', tier: 'no-such-tier', ...WHO };
    await stack.publish('requests', { id: 'unread', ...wrong });
    // Without an id of its own, a request is answered under that of its message.
    const unnamed = await stack.publish('requests', wrong);
    for (const id of ['none', 'unread', unnamed]) {
      const { state, outcome } = await answered(stack, id);
      assert.equal(state, 'refused');
      assert.ok((outcome ?? '').length > 10);
    }
    await stack.idle();
    assert.deepEqual(changesBy(stack, CONTAIN), []);
  });

  it('carries out a request, answers it, and releases it on request', async () => {
    const contain = { action: 'contain', tier: 'quarantine', target: targetOf('cart'), ...WHO };
    const { state, incident: opened } = await answered(stack, await stack.publish('requests', contain));
    assert.equal(state, 'accepted');
    const contained = await only(stack);
    assert.deepEqual([contained.id, contained.state], [opened, 'contained']);

    await stack.publish('requests', { id: 'release', action: 'release', incident: contained.id, ...WHO });
    assert.equal((await answered(stack, 'release')).state, 'accepted');
    await until(async () => (await stack.stores.incidents.get(contained.id))?.state === 'released');
    await stack.idle();
    assert.equal(stack.broker?.counters().dead, 0);
  });

  it('stores a dead letter with its original topic and attributes', async () => {
    const attributes = { CloudPubSubDeadLetterSourceSubscription: 'firebreak-decide-findings' };
    const id = await stack.publish('dead-letters', { some: 'finding' }, attributes);
    const dead = await until(() => stack.stores.dead.get(id));
    assert.deepEqual([dead.topic, dead.body, dead.attributes], ['findings', { some: 'finding' }, attributes]);
  });

  it('refuses to contain under a halt, and lets what is begun already wait for the resume', async () => {
    const before = changesBy(stack, CONTAIN);
    await stack.publish('requests', { id: 'halt', action: 'halt', ...WHO });
    assert.equal((await answered(stack, 'halt')).state, 'accepted');
    const contain = { id: 'under-halt', action: 'contain', tier: 'quarantine', target: targetOf('cart'), ...WHO };
    await stack.publish('requests', contain);
    const { state, outcome } = await answered(stack, 'under-halt');
    assert.equal(state, 'refused');
    assert.match(outcome ?? '', /^everything is halted by ana@example\.com .*: resume first$/);

    await openIncident(run.desk, 'i-1', [await subjectOf(run.desk, podNamed(run.desk, 'shop', 'cart'))], 'quarantine');
    const waiting = async () => stack.stores.incidents.get('i-1');
    await stack.publish('containment', { incident: 'i-1' });
    await until(async () => (await waiting())?.held);
    await stack.idle();
    assert.deepEqual(changesBy(stack, CONTAIN), before);

    await stack.publish('requests', { id: 'resume', action: 'resume', ...WHO });
    assert.equal((await answered(stack, 'resume')).state, 'accepted');
    await until(async () =>
      (await waiting())?.journal.some(({ step, state }) => step === 'quarantine-pod' && state === 'applied'),
    );
    assert.ok(changesBy(stack, CONTAIN).length > before.length);
  });
});
