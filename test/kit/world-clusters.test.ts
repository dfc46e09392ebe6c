import { strict as assert } from 'node:assert';
import { makeKubernetesReader, makeKubernetesWriter } from '../../shared/adapters/kubernetes.ts';
import { Denied, Transient } from '../../shared/errors.ts';
import { clusterContract } from '../contracts/cluster.ts';
import type { ClusterView } from '../contracts/cluster-kit.ts';
import { playCluster } from '../local/world/kubernetes/harness.ts';
import { wireTo, worldClusters } from './world-clusters.ts';

clusterContract('the simulated cluster, in one process', async () => {
  const { cluster } = playCluster();
  cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'contract' } });
  cluster.rbac.grant('onlooker', { verbs: ['get', 'list'], groups: ['*'], resources: ['*'] });
  const view = (identity: string): ClusterView => {
    const wire = wireTo(cluster, identity);
    return { wire, reader: makeKubernetesReader(wire, { pageSize: 2 }), writer: makeKubernetesWriter(wire) };
  };
  return {
    admin: view('anyone'),
    onlooker: view('onlooker'),
    namespace: 'contract',
    loseNextReply: () => cluster.faults.add({ times: 1, fault: 'lost-reply' }),
    stop: async () => undefined,
  };
});

describe('worldClusters', () => {
  const { cluster } = playCluster();
  const clusters = worldClusters({ clusters: new Map([['c1', cluster]]) }, 'firebreak-contain');
  it('serves the clusters of the world and no others', async () => {
    assert.deepEqual(clusters.served(), [cluster.ref]);
    const other = { ...cluster.ref, cluster: 'c2' };
    assert.throws(() => clusters.reader(other), Denied);
    await assert.rejects(clusters.describe(other), Denied);
  });
  it('describes a cluster from what the container API reports', async () => {
    const before = await clusters.describe(cluster.ref);
    assert.deepEqual(before, {
      autopilot: false,
      autoscaledGroups: [],
      networkPolicy: true,
      systemMetrics: true,
      sandboxPool: false,
      network: 'projects/p1/global/networks/default',
    });
    cluster.described.nodePools = [{ config: { sandboxConfig: { type: 'GVISOR' } } }];
    assert.equal((await clusters.describe(cluster.ref)).sandboxPool, true);
  });
  it('returns copies, so that no caller can change the world through them', async () => {
    const got = await clusters.reader(cluster.ref).get({ apiVersion: 'v1', kind: 'Node', name: 'n1' });
    assert.ok(got?.metadata.labels);
    got.metadata.labels.stained = 'yes';
    const again = await clusters.reader(cluster.ref).get({ apiVersion: 'v1', kind: 'Node', name: 'n1' });
    assert.equal(again?.metadata.labels?.stained, undefined);
  });
  it('turns scripted faults into the same errors as real ones', async () => {
    const ref = { apiVersion: 'v1', kind: 'Node', name: 'n1' };
    const get = () => clusters.reader(cluster.ref).get(ref);
    const faults: Array<['403' | '500' | '429' | '503' | 'timeout' | 'lost-reply', typeof Denied | typeof Transient]> =
      [
        ['403', Denied],
        ['500', Transient],
        ['429', Transient],
        ['503', Transient],
        ['timeout', Transient],
        ['lost-reply', Transient],
      ];
    for (const [fault, error] of faults) {
      cluster.faults.add({ verb: 'get', kind: 'Node', name: 'n1', times: 1, fault });
      await assert.rejects(get(), error, fault);
      assert.equal((await get())?.metadata.name, 'n1');
    }
  });
});
