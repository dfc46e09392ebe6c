import { strict as assert } from 'node:assert';
import { reverseShell } from '../../local/scenarios/reverse-shell.ts';
import type { Stack } from '../../local/stack.ts';
import { finding } from '../../shared/model/finding.ts';
import type { Topic } from '../../shared/model/ids.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { notice } from '../../shared/model/notice.ts';
import { CONTAIN } from '../kit/containment.ts';
import { describeWith } from '../require.ts';
import { changesBy, isCarriedOut, stackFor, until } from './kit.ts';

const FLOW = ['detect-audit-log', 'decide', 'contain', 'notify'] as const;

/** Plays the reverse shell of the demo. Returns the incident once it is carried out. */
const attacked = async (stack: Stack): Promise<Incident> => {
  for (const { topic, body, attributes } of reverseShell.events(stack.world, Date.now())) {
    await stack.publish(topic, body, attributes);
  }
  return until(async () => {
    const [first] = (await stack.stores.incidents.list({})).items;
    return isCarriedOut(first) && first;
  });
};

// The whole path over processes: audit log entry, finding, incident, decision, plan, steps, notices.
describe('from an audit log entry to a contained pod', function () {
  this.timeout(120_000);

  for (const copies of [1, 5]) {
    it(`opens one incident and makes each change once if every message comes ${copies === 1 ? 'once' : `${copies} times`}`, async () => {
      await using run = await stackFor({ functions: FLOW });
      const { stack } = run;
      stack.broker?.setFaults({ copies: () => copies });
      const incident = await attacked(stack);
      await stack.idle();

      const bodies = (topic: Topic): unknown[] =>
        (stack.broker?.published(topic) ?? []).map(({ data }) => JSON.parse(Buffer.from(data, 'base64').toString()));
      const findings = bodies('findings').map((body) => finding.parse(body));
      assert.ok(findings.some(({ rule }) => rule === 'exec-reverse-shell'));
      assert.equal((await stack.stores.incidents.list({})).items.length, 1);
      assert.deepEqual(reverseShell.missing([incident]), []);
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
  this.timeout(120_000);

  it('contains the pod, and changes nothing twice', async () => {
    await using run = await stackFor({ functions: FLOW, pubsub: 'emulator' });
    const { stack } = run;
    const incident = await attacked(stack);
    assert.equal(incident.state, 'contained');
    await stack.idle();
    const changes = changesBy(stack, CONTAIN);
    assert.equal(new Set(changes).size, changes.length);
  });
});
