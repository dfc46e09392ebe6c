import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { killContainer } from '../../../shared/containment/steps/kill-container.ts';
import type { Tier } from '../../../shared/model/ids.ts';
import { containmentKit, goneButRunning, type Kit, openIncident, podNamed, subjectOf } from '../../kit/containment.ts';
import { deliver, reach } from '../../kit/deliveries.ts';
import { carry, STEP_INCIDENT } from '../../kit/step.ts';

/** Every deletion and eviction that is sent, as `verb KIND`: with the UID of what has the name then, or it fails. */
const watched = (kit: Kit): Set<string> => {
  const sent = new Set<string>();
  const { clusters } = kit.ports;
  const look = (verb: string, of: Parameters<Kit['cluster']['get']>[0], uid: unknown): void => {
    sent.add(`${verb} ${of.kind}`);
    assert.ok(typeof uid === 'string' && uid === kit.cluster.get(of)?.metadata.uid, `${verb} ${of.kind} ${of.name}`);
  };
  const writer: typeof clusters.writer = (cluster) => {
    const write = clusters.writer(cluster);
    return {
      ...write,
      delete: async (of, options) => {
        look('delete', of, options.uid);
        return write.delete(of, options);
      },
      evict: async (pod) => {
        look('evict', { apiVersion: 'v1', kind: 'Pod', namespace: pod.namespace, name: pod.name }, pod.uid);
        return write.evict(pod);
      },
    };
  };
  Object.assign(kit.ports, { clusters: { ...clusters, writer } });
  return sent;
};

const played = async (tier: Tier, pod: string): Promise<string[]> => {
  const kit = containmentKit();
  const sent = watched(kit);
  await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, 'shop', pod))], tier);
  await deliver(kit);
  await reach(kit, 'i-1', 'released');
  return [...sent].sort();
};

describe('every deletion and eviction', () => {
  it('names the UID, so that another object that takes the name is not hit', async () => {
    assert.deepEqual(await played('isolate', 'cart'), ['delete NetworkPolicy', 'evict Pod']);
    assert.deepEqual(await played('redeploy', 'cart'), ['delete Pod']);
    const workload = await played('delete-workload', 'cart');
    assert.deepEqual(workload, ['delete Deployment', 'delete NetworkPolicy', 'delete Pod']);
  });

  it('names the UID of our own pods too', async () => {
    const kit = containmentKit();
    const sent = watched(kit);
    await openIncident(kit, STEP_INCIDENT, [await goneButRunning(kit)], 'delete-workload');
    await carry(kit, killContainer);
    assert.deepEqual([...sent], ['delete Pod']);
  });
});
