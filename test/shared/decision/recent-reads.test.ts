import { strict as assert } from 'node:assert';
import { makeRecentReads } from '../../../shared/decision/recent-reads.ts';
import { resolve } from '../../../shared/decision/resolve.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { decisionKit, type Kit, podNamed, targetOf } from '../../kit/decision.ts';
import { countedPorts } from '../../kit/round-trips.ts';

const OPTIONS = { labelKeys: [], attribute: true };

const counted = (kit: Kit) => {
  const { ports, trips } = countedPorts(kit.ports);
  const readsFor = makeRecentReads(ports);
  const uidOf = async (pod: string, event: number): Promise<string | undefined> => {
    const target = { ...targetOf(podNamed(kit, 'shop', 'cart-')), pod };
    const found = await resolve(readsFor(timeOf(event)), target, timeOf(event), OPTIONS);
    return 'refused' in found ? undefined : found.subjects[0]?.uid;
  };
  return { uidOf, reads: () => (trips.total.cluster ?? 0) + (trips.total.compute ?? 0) };
};

const bare = (kit: Kit, uid: string, nodeName?: string) =>
  kit.cluster.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'lone', namespace: 'shop', uid },
    spec: {
      containers: [{ name: 'lone', image: 'shop.example.com/lone:1' }],
      ...(nodeName === undefined ? {} : { nodeName }),
    },
  });

describe('recent reads', () => {
  it('read a target once for all events before that read', async () => {
    const kit = decisionKit();
    const { uidOf, reads } = counted(kit);
    const { name } = podNamed(kit, 'shop', 'cart-').metadata;
    const event = kit.clock.now();
    await kit.clock.advance(2_001);
    const uid = await uidOf(name, event);
    const before = reads();
    assert.ok(uid !== undefined && before >= 4);
    assert.equal(await uidOf(name, event - 1_000), uid);
    assert.equal(reads(), before);
  });

  it('never return a pod of the same name that was made after the event', async () => {
    const kit = decisionKit();
    const { uidOf } = counted(kit);
    const node = podNamed(kit, 'shop', 'cart-').spec?.nodeName;
    bare(kit, 'first', String(node));
    const event = kit.clock.now();
    await kit.clock.advance(3_000);
    const first = await uidOf('lone', event);
    assert.ok(first !== undefined);
    kit.cluster.drop({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'lone' });
    bare(kit, 'second', String(node));
    const second = await uidOf('lone', kit.clock.now());
    assert.ok(second !== undefined && second !== first);
    assert.equal(
      await uidOf('lone', event),
      undefined,
      'the one that was meant is gone, and nothing acts on the other',
    );
  });
});
