import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { timeOf } from '../../../shared/model/time.ts';
import { NOW } from './fixtures.ts';
import { cart, object, podOf, portsOf, resolved, VM } from './resolving.ts';

describe('a resolved pod', () => {
  it('is described as a plan needs it', async () => {
    const { subject, notes } = await podOf({ objects: [cart()] });
    assert.deepEqual(subject, {
      kind: 'pod',
      uid: 'pod-1',
      namespace: 'shop',
      namespaceUid: 'ns-1',
      name: 'cart-1',
      createdAt: '2026-03-02T02:00:00.000Z',
      owners: [],
      host: { id: VM.id, node: 'n1', nodeUid: 'node-1', project: 'p1', zone: VM.zone, instance: 'n1' },
      hostNetwork: false,
      hostReach: false,
      windows: false,
      addedAt: timeOf(NOW),
    });
    assert.deepEqual(notes, []);
  });

  const reaching: Array<[string, object, string[]]> = [
    ['the network of its node', { hostNetwork: true }, ['hostNetwork', 'hostReach']],
    ['the processes of its node', { hostPID: true }, ['hostReach']],
    ['no kernel of Linux', { os: { name: 'windows' } }, ['windows']],
  ];
  for (const [what, spec, flags] of reaching)
    it(`is known to have ${what}`, async () => {
      const objects = [cart([], { spec: { nodeName: 'n1', containers: [], ...spec } })];
      const { hostNetwork, hostReach, windows } = (await podOf({ objects })).subject;
      const set = Object.entries({ hostNetwork, hostReach, windows }).flatMap(([flag, is]) => (is ? [flag] : []));
      assert.deepEqual(set, flags);
    });

  it('has no host if its node is gone, and says so', async () => {
    const { subject, notes } = await podOf({ objects: [cart([], { spec: { nodeName: 'n9', containers: [] } })] });
    assert.deepEqual([subject.host, notes], [undefined, ['pod cart-1: its node no longer exists']]);
  });

  it('counts as created now if it does not say when, and so is not taken by its name', async () => {
    const objects = [cart([], { metadata: { creationTimestamp: 'soon' } })];
    const ports = portsOf({ objects });
    const clock = { ...ports.clock, now: () => NOW + 3_000 };
    const { subjects, notes } = await resolved({ ...ports, clock });
    assert.deepEqual(subjects, []);
    assert.match(notes[0] ?? '', /after the event/);
  });

  it('is read with its node and namespace once, however many pods of a workload share them', async () => {
    const owner = { kind: 'Job', name: 'pack', uid: 'job-1', apiVersion: 'batch/v1', controller: true };
    const labels = { metadata: { labels: { job: 'pack' } } };
    const job = object('Job', 'pack', 'job-1', {
      apiVersion: 'batch/v1',
      spec: { selector: { matchLabels: { job: 'pack' } } },
    });
    const pods = [1, 2, 3].map((n) =>
      object('Pod', `pack-${n}`, `pod-${n}`, { spec: { nodeName: 'n1', containers: [] }, ...labels }, [owner]),
    );
    const ports = portsOf({ objects: [job, ...pods] });
    const read: string[] = [];
    const reader: typeof ports.clusters.reader = (cluster) => {
      const inner = ports.clusters.reader(cluster);
      return {
        ...inner,
        get: (ref) => {
          read.push(ref.kind);
          return inner.get(ref);
        },
      };
    };
    const target = { project: 'p1', location: 'europe-west1', cluster: 'c1', namespace: 'shop' };
    const { subjects } = await resolved(
      { ...ports, clusters: { ...ports.clusters, reader } },
      { ...target, workload: { kind: 'Job', name: 'pack' } },
    );
    assert.equal(subjects.length, 4);
    assert.deepEqual(
      ['Node', 'Namespace'].map((kind) => read.filter((one) => one === kind).length),
      [1, 1],
    );
  });
});
