import { makeKubernetesReader, makeKubernetesWriter } from '../../shared/adapters/kubernetes.ts';
import { printedAccess } from './access.ts';
import { CONTAIN, containmentKit, playKiller } from './containment.ts';
import { DECIDE } from './decision.ts';
import type { OpenSite } from './site.ts';
import { accessRulesOf } from './site-rights.ts';
import { wireTo, worldClusters } from './world-clusters.ts';
import { worldCompute } from './world-compute.ts';

/** The simulated cluster, with only the printed rights granted. */
export const openSimulatedSite: OpenSite = async () => {
  const kit = containmentKit();
  const { cluster, world, clock, ports } = kit;
  const printed = await printedAccess({ contain: '100000000000000000001', decide: '100000000000000000002' });
  for (const name of [CONTAIN, DECIDE]) cluster.rbac.replace(name, accessRulesOf(printed, name));
  playKiller(kit);
  const wire = wireTo(cluster, 'anyone');
  return {
    bench: kit,
    decide: {
      clock,
      stores: ports.stores,
      clusters: worldClusters(world, DECIDE),
      compute: worldCompute(world.compute, DECIDE),
    },
    admin: { reader: makeKubernetesReader(wire), writer: makeKubernetesWriter(wire) },
    world,
    space: (name) => name,
    logs: cluster.reality.logs,
    play: async () => world.settle(),
    stop: async () => undefined,
  };
};
