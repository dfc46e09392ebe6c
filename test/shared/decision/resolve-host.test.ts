import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { resolve } from '../../../shared/decision/resolve.ts';
import { Denied, Transient } from '../../../shared/errors.ts';
import type { KubeObject } from '../../../shared/kubernetes/object.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { NOW } from './fixtures.ts';
import { CART, cart, DESCRIPTION, NODE, object, podOf, portsOf, resolved, VM, type World } from './resolving.ts';

describe('resolving hosts', () => {
  const host = async (world: World) => (await podOf(world)).subject.host;

  it('names the VM by its instance id', async () => {
    assert.deepEqual(await host({ objects: [cart()] }), {
      id: VM.id,
      node: 'n1',
      nodeUid: 'node-1',
      project: 'p1',
      zone: 'europe-west1-b',
      instance: 'n1',
    });
  });

  const bare = { id: 'node-1', node: 'n1', nodeUid: 'node-1' };
  const denied = async () => {
    throw new Denied('no');
  };
  const without: Array<[string, Omit<World, 'objects'> & { node?: KubeObject }, RegExp]> = [
    [
      'is of another provider',
      { node: object('Node', 'n1', 'node-1', { spec: { providerID: 'kind://x' } }) },
      /names no Compute Engine VM/,
    ],
    [
      'says it is in another project',
      { node: object('Node', 'n1', 'node-1', { spec: { providerID: 'gce://p2/europe-west1-b/n1' } }) },
      /VM of another project, p2/,
    ],
    [
      'was registered for another VM of that name',
      {
        instance: async () => ({ ...VM, createdAt: '2026-03-02T02:00:01.000Z' }),
        node: object('Node', 'n1', 'node-1', {
          spec: { providerID: 'gce://p1/europe-west1-b/n1' },
          metadata: { annotations: { 'container.googleapis.com/instance_id': '99' } },
        }),
      },
      /was recreated after the node registered/,
    ],
    ['has lost its VM', { instance: async () => undefined }, /its VM n1 does not exist/],
    [
      'is one of Autopilot',
      { instance: denied, description: { ...DESCRIPTION, autopilot: true } },
      /not visible on Autopilot/,
    ],
  ];
  for (const [what, { node, ...world }, sentence] of without)
    it(`names a node that ${what} by the node's own UID, and says so`, async () => {
      const { subject, notes } = await podOf({ ...world, objects: [cart(), ...(node === undefined ? [] : [node])] });
      assert.deepEqual(subject.host, bare);
      assert.match(notes.join('; '), sentence);
    });

  const saying = (id: string): KubeObject =>
    object('Node', 'n1', 'node-1', {
      spec: NODE.spec,
      metadata: { annotations: { 'container.googleapis.com/instance_id': id } },
    });
  it('takes the VM that a node names, also where the node says another id than it had when the node registered', async () => {
    const instance = async () => ({ ...VM, createdAt: '2026-03-02T01:59:00.000Z' });
    const { subject, notes } = await podOf({ objects: [cart(), saying('99')], instance });
    assert.deepEqual(subject.host, await host({ objects: [cart()] }));
    assert.match(notes.join('; '), /^node n1: it says that the id of its VM is 99, which is not that of n1; since/);
  });

  const exhausted = async (): Promise<never> => {
    throw new Transient('Quota exceeded for quota metric read_requests');
  };

  it('takes the id that a node says, unconfirmed, while its VM cannot be read', async () => {
    const { subject, notes } = await podOf({ objects: [cart(), saying(VM.id)], instance: exhausted });
    const confirmed = await podOf({ objects: [cart(), saying(VM.id)] });
    assert.deepEqual(subject.host, { ...confirmed.subject.host, unconfirmed: true });
    assert.match(notes.join('; '), /node n1: the id of its VM is what the node says \(Quota exceeded/);
  });

  for (const id of ['', '0', '12a', '../42', '1'.repeat(21)])
    it(`is retried while its VM cannot be read and the node says that its id is "${id}"`, async () => {
      await assert.rejects(resolved(portsOf({ objects: [cart(), saying(id)], instance: exhausted })), Transient);
    });

  it('is retried while its VM cannot be read and the node does not say its id', async () => {
    await assert.rejects(resolved(portsOf({ objects: [cart()], instance: exhausted })), Transient);
  });

  it('is retried if the VM should be readable but was denied', async () => {
    await assert.rejects(resolved(portsOf({ objects: [cart()], instance: denied })), Transient);
  });

  it('gives no host for a pod without a node', async () => {
    const { subject, notes } = await podOf({ objects: [cart([], { spec: { containers: [] } })] });
    assert.deepEqual([subject.host, notes], [undefined, ['pod cart-1 has no node yet']]);
  });

  it('recognises a Windows node by its label', async () => {
    const labels = { 'kubernetes.io/os': 'windows' };
    const node = object('Node', 'n1', 'node-1', { spec: NODE.spec, metadata: { labels } });
    assert.equal((await podOf({ objects: [cart(), node] })).subject.windows, true);
  });

  it('keeps the labels that the policy uses, and no others', async () => {
    const ports = portsOf({ objects: [cart([], { metadata: { labels: { team: 'a', app: 'cart' } } })] });
    const answer = await resolve(ports, CART, timeOf(NOW), { labelKeys: ['team', 'tier'], attribute: true });
    const [subject] = 'refused' in answer ? [] : answer.subjects;
    assert.deepEqual(subject?.kind === 'pod' ? subject.labels : undefined, { team: 'a' });
  });
});
