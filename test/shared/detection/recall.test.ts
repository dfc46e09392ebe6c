import { strict as assert } from 'node:assert';
import { auditEntry } from '../../../local/scenarios/audit-entry.ts';
import { historyNameOf, makeRecall } from '../../../shared/detection/recall.ts';
import { firstExecIntoPod } from '../../../shared/detection/rules/first-exec-into-pod.ts';
import { signalOf, signalOfPayload } from '../../fixtures/signals.ts';

const EXEC = { verb: 'create', resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'cart-0' };

describe('recalling', () => {
  it('keeps histories by rule, cluster and subject', () => {
    const names = [
      signalOf(EXEC),
      signalOf({ ...EXEC, cluster: 'c2' }),
      signalOf({ ...EXEC, name: 'cart-1' }),
      signalOf({ ...EXEC, principal: 'ben@example.com' }),
      // What is joined without bounds could be cut elsewhere.
      signalOf({ ...EXEC, namespace: 'shopcart', name: '-0' }),
    ].map((signal) => historyNameOf(firstExecIntoPod, signal));
    assert.equal(new Set(names).size, names.length);
    assert.equal(historyNameOf(firstExecIntoPod, signalOf({ ...EXEC, subresource: 'log' })), undefined);
  });

  it('remembers from one signal to the next, in a memory of its own', () => {
    const signal = (insertId: string, at: string) => signalOfPayload(auditEntry({ ...EXEC, insertId, at }));
    const recall = makeRecall([firstExecIntoPod]);
    assert.equal(recall(signal('a', '2026-03-02T10:15:30.250Z')).length, 1);
    assert.equal(recall(signal('b', '2026-03-02T10:15:31.250Z')).length, 0);
    assert.equal(makeRecall([firstExecIntoPod])(signal('b', '2026-03-02T10:15:31.250Z')).length, 1);
    assert.equal(makeRecall()(signal('b', '2026-03-02T10:15:31.250Z')).length, 0);
  });

  it('believes half an entry less', () => {
    const [found] = makeRecall([firstExecIntoPod])(
      signalOf({ ...EXEC, split: { uid: 'u', index: 0, totalSplits: 2 } }),
    );
    assert.equal(found?.confidence, 0.36);
  });
});
