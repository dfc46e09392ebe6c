import { strict as assert } from 'node:assert';
import { auditEntry } from '../../../local/scenarios/audit-entry.ts';
import { historyNameOf, makeRecall } from '../../../shared/detection/recall.ts';
import type { HistoryRule } from '../../../shared/detection/rule.ts';
import { firstExecIntoPod } from '../../../shared/detection/rules/first-exec-into-pod.ts';
import { signalOf, signalOfPayload } from '../../fixtures/signals.ts';

const EXEC = { verb: 'create', resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'cart-0' };

describe('recall', () => {
  it('keeps a history for each rule, cluster and subject', () => {
    const names = [
      signalOf(EXEC),
      signalOf({ ...EXEC, cluster: 'c2' }),
      signalOf({ ...EXEC, name: 'cart-1' }),
      signalOf({ ...EXEC, principal: 'ben@example.com' }),
      // Names that are joined without a separator could be split elsewhere.
      signalOf({ ...EXEC, namespace: 'shopcart', name: '-0' }),
    ].map((signal) => historyNameOf(firstExecIntoPod, signal));
    assert.equal(new Set(names).size, names.length);
    assert.equal(historyNameOf(firstExecIntoPod, signalOf({ ...EXEC, subresource: 'log' })), undefined);
  });

  const LONG_AGO = '2026-01-01T00:00:00.000Z';
  const signal = (insertId: string, at: string, parts = {}) =>
    signalOfPayload(auditEntry({ ...EXEC, ...parts, insertId, at }));

  it('remembers from one signal to the next, each recall in its own memory', () => {
    const recall = makeRecall([firstExecIntoPod], LONG_AGO);
    assert.equal(recall(signal('a', '2026-03-02T10:15:30.250Z')).length, 1);
    assert.equal(recall(signal('b', '2026-03-02T10:15:31.250Z')).length, 0);
    assert.equal(makeRecall([firstExecIntoPod], LONG_AGO)(signal('b', '2026-03-02T10:15:31.250Z')).length, 1);
  });

  it('never takes two subjects as one, however they are written', () => {
    const words: HistoryRule = {
      ...firstExecIntoPod,
      subjectOf: ({ principal = '', userAgent = '' }) => [principal, userAgent],
      recall: (_, { seen }) => ({
        history: { seen: [{ event: '', at: LONG_AGO, what: '' }] },
        ...(seen.length > 0 ? {} : { sighting: { because: ['new'] } }),
      }),
    };
    const recall = makeRecall([words], LONG_AGO);
    const long = 'x'.repeat(400);
    const subjects = [
      ['a', 'b 1 c'],
      ['a 5 b', 'c'],
      ['a 1 b', '1 c'],
      [long, 'a'],
      [long, 'b'],
      ['a', long],
    ];
    const told = [...subjects, ...subjects].map(
      ([principal = '', userAgent = '']) =>
        recall(signal('a', '2026-03-02T10:15:30.250Z', { principal, userAgent })).length,
    );
    assert.deepEqual(told, [...subjects.map(() => 1), ...subjects.map(() => 0)]);
  });

  it('calls nothing new in a cluster before it has watched the cluster for its whole memory', () => {
    const recall = makeRecall();
    const told = [
      signal('a', '2026-03-02T10:00:00.000Z'),
      signal('b', '2026-03-09T09:59:59.000Z', { name: 'cart-1' }),
      signal('c', '2026-03-09T10:00:00.000Z', { name: 'cart-2' }),
      signal('d', '2026-03-09T10:00:01.000Z', { name: 'cart-1' }),
      signal('e', '2026-03-09T10:00:02.000Z', { name: 'cart-3', cluster: 'c2' }),
    ].map((one) => recall(one).map(({ rule }) => rule));
    assert.deepEqual(told, [[], [], ['first-exec-into-pod'], [], []]);
  });

  it('begins with the first entry of a cluster, and so reports the first rare event there', () => {
    const recall = makeRecall();
    const told = [
      signal('a', '2026-03-02T10:00:00.000Z', { verb: 'list', subresource: undefined, name: undefined }),
      signal('b', '2026-03-09T10:00:00.000Z'),
      signal('c', '2026-03-09T10:00:01.000Z', { cluster: 'c2' }),
    ].map((one) => recall(one).map(({ rule }) => rule));
    assert.deepEqual(told, [[], ['first-exec-into-pod'], []]);
  });

  it('counts bursts from the first day', () => {
    const recall = makeRecall();
    const told = Array.from({ length: 10 }, (_, n) =>
      recall(signal(`r${n}`, `2026-03-02T10:15:0${n}.000Z`, { code: 7 })).map(({ rule }) => rule),
    );
    assert.deepEqual(told.flat(), ['forbidden-burst']);
  });

  it('has less confidence in a part of an entry', () => {
    const [found] = makeRecall(
      [firstExecIntoPod],
      LONG_AGO,
    )(signalOf({ ...EXEC, split: { uid: 'u', index: 0, totalSplits: 2 } }));
    assert.equal(found?.confidence, 0.36);
  });
});
