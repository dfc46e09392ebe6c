import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { type Books, costOf, judgeBudget, type NodeState, type Wanted } from '../../../shared/decision/budget.ts';
import { DEFAULT_POLICY } from '../../../shared/decision/policy.ts';
import type { Spent } from '../../../shared/model/budget.ts';
import { STEP_IDS } from '../../../shared/model/ids.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { NOW } from './fixtures.ts';

const BUDGETS = DEFAULT_POLICY.budgets;
const MINUTE = 60_000;

const node = (n: number, over: Partial<NodeState> = {}): NodeState => ({
  ids: [`uid-${n}`, String(n)],
  name: `n${n}`,
  pool: 'pool-1',
  zone: 'europe-west1-b',
  serves: true,
  ...over,
});
const nodes = (count: number): NodeState[] => Array.from({ length: count }, (_, n) => node(n));
const spentOn = (uid: number | string, over: Partial<Spent> = {}): Spent => ({
  kind: 'node',
  uid: String(uid),
  incident: 'i-0',
  at: timeOf(NOW - MINUTE),
  principals: [],
  ...over,
});
const books = (over: Partial<Books> = {}): Books => ({ spent: [], nodes: nodes(40), held: new Set(), ...over });
const wanting = (uids: number[], over: Partial<Wanted> = {}): Wanted => ({
  incident: 'i-1',
  critical: false,
  principals: [],
  nodes: uids.map((n) => ({ uid: String(n), name: `n${n}` })),
  workloads: [],
  ...over,
});
const judged = (known: Books, wanted: Wanted, lifted = false) => judgeBudget(BUDGETS, known, wanted, lifted, NOW);
const refusal = (known: Books, wanted: Wanted) => judged(known, wanted).refused.node;

describe('budgets', () => {
  it('allow three nodes of a cluster within an hour, and no fourth', () => {
    const two = books({ spent: [spentOn(1), spentOn(2)] });
    assert.equal(refusal(two, wanting([3])), undefined);
    assert.match(
      refusal(two, wanting([3, 4])) ?? '',
      /budget of this cluster is 3 nodes within 60 minutes .* would make it 4$/,
    );
  });

  it('allow a fifth of a small cluster, and always one node', () => {
    assert.equal(refusal(books({ nodes: nodes(4) }), wanting([1])), undefined);
    assert.match(
      refusal(books({ nodes: nodes(4), spent: [spentOn(2)] }), wanting([1])) ?? '',
      /is 1 node within .* 20 % of its 4 nodes/,
    );
    assert.equal(refusal(books({ nodes: nodes(10), spent: [spentOn(2)] }), wanting([1])), undefined);
    assert.match(
      refusal(books({ nodes: nodes(10), spent: [spentOn(2), spentOn(3)] }), wanting([1])) ?? '',
      /is 2 nodes within/,
    );
  });

  it('say how many it would be, by the same count that is enforced', () => {
    const byAna = { principals: ['ana@example.com'] };
    assert.match(
      refusal(books({ spent: [spentOn(1, byAna)] }), wanting([2], byAna)) ?? '',
      /^the budget for what one principal causes is 1 node within 60 minutes, and this would make it 2 for ana@example\.com$/,
    );
    const workload = (uid: string) => ({ uid, name: uid, namespace: 'shop' });
    const spent = [1, 2, 3, 4].map((n) => spentOn(n, { kind: 'workload', namespace: 'shop' }));
    const known = books({ spent });
    assert.match(
      judged(known, wanting([], { workloads: ['4', '5', '6'].map(workload) })).refused.workload ?? '',
      /^the budget of namespace shop is 5 workloads within 60 minutes, and this would make it 6$/,
    );
    assert.equal(judged(known, wanting([], { workloads: ['4', '5'].map(workload) })).refused.workload, undefined);
  });

  it('forget what was reserved an hour ago', () => {
    const at = timeOf(NOW - 60 * MINUTE);
    const old = [1, 2, 3].map((uid) => spentOn(uid, { at }));
    assert.equal(refusal(books({ spent: old }), wanting([4])), undefined);
    assert.notEqual(
      refusal(books({ spent: old.map((s) => ({ ...s, at: timeOf(NOW - 59 * MINUTE) })) }), wanting([4])),
      undefined,
    );
  });

  it('count a node once for all incidents, and never a node that is held already', () => {
    const full = [1, 2, 3].map((uid) => spentOn(uid));
    assert.equal(refusal(books({ spent: full }), wanting([3])), undefined);
    assert.equal(refusal(books({ spent: full, held: new Set(['9']) }), wanting([9])), undefined);
    assert.deepEqual(judged(books({ held: new Set(['9']) }), wanting([9])).reserved, []);
    assert.notEqual(refusal(books({ spent: full, held: new Set(['9']) }), wanting([9, 8])), undefined);
  });

  it("never take the last Ready node of a pool's zone", () => {
    const lone = node(1, { zone: 'europe-west1-c' });
    assert.match(
      refusal(books({ nodes: [lone, ...nodes(20)] }), wanting([1])) ?? '',
      /last Ready node of pool pool-1 in europe-west1-c/,
    );
    const cordoned = node(2, { zone: 'europe-west1-c', serves: false });
    assert.match(refusal(books({ nodes: [lone, cordoned] }), wanting([1])) ?? '', /last Ready/);
    const other = node(2, { zone: 'europe-west1-c' });
    assert.equal(refusal(books({ nodes: [lone, other, ...nodes(20)] }), wanting([1])), undefined);
    const all =
      'with what was taken within 60 minutes, this would leave pool pool-1 without a Ready node in europe-west1-c';
    assert.equal(refusal(books({ nodes: [lone, other], spent: [spentOn(2)] }), wanting([1])), all);
    assert.equal(refusal(books({ nodes: [lone, other, ...nodes(20)] }), wanting([1, 2])), all);
    assert.match(
      refusal(books({ nodes: [lone, node(2, { zone: 'europe-west1-c', pool: 'pool-2' })] }), wanting([1])) ?? '',
      /last/,
    );
    assert.equal(refusal(books({ nodes: [node(1, { serves: false }), ...nodes(0)] }), wanting([1])), undefined);
  });

  it('find the last Ready node among several wanted nodes, and only in zones of wanted nodes', () => {
    const lone = node(1, { zone: 'europe-west1-c' });
    const known = books({ nodes: [lone, ...nodes(30).slice(2)] });
    assert.match(refusal(known, wanting([5, 1])) ?? '', /node n1 is the last Ready node/);
    assert.equal(
      refusal({ ...known, spent: [spentOn(1)] }, wanting([5])),
      undefined,
      'the other zone is taken already',
    );
  });

  it('do not judge again what the incident has reserved, whatever has changed since', () => {
    const lone = node(1, { zone: 'europe-west1-c' });
    const spent = [spentOn(1, { incident: 'i-1' }), ...[2, 3, 4, 5].map((uid) => spentOn(uid))];
    assert.equal(refusal(books({ nodes: [lone, ...nodes(20).slice(2)], spent }), wanting([1])), undefined);
    const others = spent.map((one) => ({ ...one, incident: 'i-0' }));
    assert.match(refusal(books({ nodes: [lone, ...nodes(20).slice(2)], spent: others }), wanting([1])) ?? '', /last/);
    const asWorkload = [spentOn(1, { incident: 'i-1', kind: 'workload', namespace: 'shop' })];
    assert.match(refusal(books({ nodes: [lone], spent: asWorkload }), wanting([1])) ?? '', /last Ready/);
  });

  it('count nodes and workloads apart', () => {
    const workloads = [1, 2, 3, 4].map((n) => spentOn(n, { kind: 'workload', namespace: 'shop' }));
    assert.equal(refusal(books({ spent: workloads }), wanting([9])), undefined);
    assert.equal(
      refusal(books({ nodes: nodes(2), spent: [spentOn(1, { kind: 'workload' })] }), wanting([0])),
      undefined,
    );
    const one = wanting([], { workloads: [{ uid: 'd-1', name: 'd-1', namespace: 'shop' }] });
    const asNodes = [1, 2, 3, 4, 5].map((n) => spentOn(n, { namespace: 'shop' }));
    assert.equal(judged(books({ spent: asNodes }), one).refused.workload, undefined);
    assert.deepEqual(judged(books({ held: new Set(['d-1']) }), one).reserved.length, 1, 'only nodes are held');
  });

  it('record the object, the incident and the time of a reservation, and the principals beside nodes alone', () => {
    const workloads = [{ uid: 'd-1', name: 'cart', namespace: 'shop' }];
    const { reserved } = judged(books(), wanting([7], { principals: ['eve@example.com'], workloads }));
    const common = { incident: 'i-1', at: timeOf(NOW) };
    assert.deepEqual(reserved, [
      { ...common, principals: ['eve@example.com'], kind: 'node', uid: '7' },
      { ...common, principals: [], kind: 'workload', uid: 'd-1', namespace: 'shop' },
    ]);
  });

  it('allow one node for findings about one principal, unless the incident is critical', () => {
    const spent = [spentOn(1, { principals: ['eve@example.com', 'mallory@example.com'] })];
    const again = wanting([2], { principals: ['mallory@example.com'] });
    assert.match(refusal(books({ spent }), again) ?? '', /one principal causes is 1 node .* for mallory@example.com$/);
    assert.equal(refusal(books({ spent }), { ...again, critical: true }), undefined);
    assert.equal(refusal(books({ spent }), wanting([2], { principals: ['trent@example.com'] })), undefined);
  });

  it('allow five workloads of a namespace, independently of the nodes', () => {
    const spent = [1, 2, 3, 4, 5].map((n) => spentOn(`d-${n}`, { kind: 'workload', namespace: 'shop' }));
    const one = (uid: string, namespace: string) => wanting([7], { workloads: [{ uid, name: uid, namespace }] });
    const { refused, reserved } = judged(books({ spent }), one('d-6', 'shop'));
    assert.match(refused.workload ?? '', /budget of namespace shop is 5 workloads/);
    assert.equal(refused.node, undefined);
    assert.deepEqual(
      reserved.map(({ kind }) => kind),
      ['node'],
    );
    assert.equal(judged(books({ spent }), one('d-5', 'shop')).refused.workload, undefined);
    assert.equal(judged(books({ spent: spent.slice(1) }), one('d-6', 'shop')).refused.workload, undefined);
    assert.equal(judged(books({ spent: [...spent, ...spent] }), one('d-5', 'shop')).refused.workload, undefined);
    const sixth = spentOn('d-6', { kind: 'workload', namespace: 'shop' });
    assert.equal(judged(books({ spent: [...spent, sixth] }), one('d-5', 'shop')).refused.workload, undefined);
    assert.equal(judged(books({ spent }), one('d-6', 'shop'), true).refused.workload, undefined);
    assert.equal(judged(books({ spent }), one('d-6', 'payments')).refused.workload, undefined);
  });

  it('refuse nothing if an operator has lifted them, and still count the nodes', () => {
    const spent = [1, 2, 3].map((uid) => spentOn(uid));
    const { refused, reserved } = judged(books({ spent }), wanting([4]), true);
    assert.deepEqual(refused, {});
    assert.deepEqual(
      reserved.map(({ uid }) => uid),
      ['4'],
    );
  });

  it('are reserved once: a second try of the same incident is neither refused nor counted', () => {
    const first = judged(books({ nodes: nodes(4) }), wanting([1]));
    const known = books({ nodes: nodes(4), spent: first.reserved });
    assert.deepEqual(judged(known, wanting([1])), { reserved: [], refused: {} });
  });

  it('are never exceeded, whatever incidents reserve in whatever order', () => {
    const asks = fc.array(fc.uniqueArray(fc.nat({ max: 12 }), { minLength: 1, maxLength: 3 }), { maxLength: 12 });
    fc.assert(
      fc.property(asks, fc.integer({ min: 1, max: 30 }), (all, size) => {
        const spent = all.reduce<Spent[]>((known, uids, n) => {
          const wanted = wanting(uids, { incident: `i-${n}` });
          return known.concat(judged(books({ nodes: nodes(size), spent: known }), wanted).reserved);
        }, []);
        const most = Math.min(3, Math.max(1, Math.floor(size / 5)));
        assert.ok(new Set(spent.map(({ uid }) => uid)).size <= most);
      }),
    );
  });

  it('charge for every step except those that change no node and no workload', () => {
    const free = STEP_IDS.filter((id) => costOf(id) === undefined);
    assert.deepEqual(free, [
      'start-snapshots',
      'capture-evidence',
      'deny-pod-network',
      'attach-forensics',
      'snapshots-ready',
    ]);
  });
});
