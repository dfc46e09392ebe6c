import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { withoutReplacements } from '../../../shared/decision/replacements.ts';
import type { Entry } from '../../../shared/model/entry.ts';
import type { PodSubject } from '../../../shared/model/subject.ts';

const AT = '2026-03-02T03:00:00.000Z';
const LATER = '2026-03-02T03:01:00.000Z';

const pod = (uid: string, node: string, createdAt: string, kind = 'DaemonSet'): PodSubject => ({
  kind: 'pod',
  uid,
  namespace: 'shop',
  namespaceUid: 'n-1',
  name: `agent-${uid}`,
  createdAt,
  owners: [{ apiVersion: 'apps/v1', kind, name: 'agent', uid: 'w-1' }],
  host: { id: node, node, nodeUid: `uid-${node}` },
  hostNetwork: false,
  hostReach: false,
  windows: false,
  addedAt: createdAt,
});

const entry = (step: Entry['step'], uid: string, given: Partial<Entry> = {}): Entry => ({
  ...{ step, subject: uid, uid, state: 'applied', startedAt: AT, proof: 'proven', rev: 1, requestId: 'r' },
  ...given,
});

const joining = (subjects: PodSubject[], journal: Entry[], made: PodSubject[]): string[] =>
  withoutReplacements({ subjects, journal }, 'w-1', [...subjects, ...made]).flatMap(({ uid }) =>
    subjects.some((s) => s.uid === uid) ? [] : [uid],
  );

describe('decision/replacements', () => {
  const held = [pod('p-1', 'node-1', '2026-03-01T00:00:00.000Z')];

  it('leaves out the pod on the node that replaces a deleted one, so that this is not deleted in turn', () => {
    const made = [pod('p-2', 'node-2', LATER)];
    assert.deepEqual(joining(held, [entry('delete-host', 'node-1', { state: 'pending' })], made), []);
    assert.deepEqual(joining(held, [entry('delete-host', 'node-1', { state: 'refused' })], made), ['p-2']);
    assert.deepEqual(joining(held, [entry('delete-host', 'node-9')], made), ['p-2']);
  });

  it('leaves out the pods of a DaemonSet on an isolated node and on the one that replaces it', () => {
    const journal = [entry('quarantine-pod', 'p-1'), entry('leave-group', 'node-1')];
    const made = [pod('p-2', 'node-1', LATER), pod('p-3', 'node-2', LATER), pod('p-4', 'node-3', LATER)];
    assert.deepEqual(joining(held, journal, made), ['p-4']);
  });

  it('leaves out one pod of a Deployment for each that was taken away, and takes the next one', () => {
    const cart = [pod('p-1', 'node-1', '2026-03-01T00:00:00.000Z', 'Deployment')];
    const journal = [entry('quarantine-pod', 'p-1'), entry('leave-group', 'node-1')];
    const made = ['p-2', 'p-3'].map((uid) => pod(uid, 'node-2', LATER, 'Deployment'));
    assert.deepEqual(joining(cart, journal, made), ['p-3']);
    const both = [...cart, pod('p-5', 'node-1', '2026-03-01T00:00:00.000Z', 'Deployment')];
    assert.deepEqual(joining(both, [entry('delete-host', 'node-1')], made), []);
    const [older, newer] = [pod('p-6', 'node-2', LATER, 'Deployment'), pod('p-7', 'node-2', AT, 'Deployment')];
    assert.deepEqual(joining(cart, journal, [older, newer]), ['p-6'], 'the oldest replaces');
  });

  it('takes every new pod where nothing of its workload was taken away, and each that was there before', () => {
    const cart = [pod('p-1', 'node-1', '2026-03-01T00:00:00.000Z', 'Deployment')];
    const made = [pod('p-2', 'node-2', LATER, 'Deployment')];
    const stranger: PodSubject = { ...pod('p-9', 'node-1', AT), owners: [] };
    const all = [...cart, stranger];
    for (const [why, journal] of [
      ['a pod of another workload was', [entry('quarantine-pod', 'p-9')]],
      ['the node was only asked for', [entry('delete-host', 'node-1', { state: 'pending', requestId: undefined })]],
      ['the node was skipped', [entry('delete-host', 'node-1', { state: 'skipped' })]],
      ['the quarantine was refused', [entry('quarantine-pod', 'p-1', { state: 'refused' })]],
      ['only a DaemonSet fills a node that comes instead', [entry('leave-group', 'node-1')]],
    ] as const)
      assert.deepEqual(joining(all, [...journal], made), ['p-2'], why);
    const before = [pod('p-3', 'node-2', '2026-03-02T02:59:59.000Z', 'Deployment')];
    assert.deepEqual(joining(all, [entry('quarantine-pod', 'p-1')], before), ['p-3']);
  });
});
