import { SHOP, SHOP_NODES } from '../../local/world/seed.ts';
import { makeKubernetesReader, makeKubernetesWriter } from '../../shared/adapters/kubernetes.ts';
import type { Wire } from '../../shared/adapters/kubernetes-wire.ts';
import type { ClusterDescription, WritableClusters } from '../../shared/ports.ts';
import type { Identity } from '../apiserver/identities.ts';
import type { ApiServer } from '../apiserver/server.ts';
import { startKubelet } from './apiserver-kubelet.ts';
import { mirrorCluster } from './apiserver-mirror.ts';
import { playOnce } from './apiserver-play.ts';
import { CONTAIN, containmentKit } from './containment.ts';
import { DECIDE } from './decision.ts';
import type { OpenSite } from './site.ts';
import { siteClock } from './site-clock.ts';
import { worldCompute } from './world-compute.ts';

const SPACES = ['shop', 'payments', 'kube-system', 'firebreak'];
const TURNS = 20;
/** The log of the killer image after it has ended one sandbox. */
const KILLER = { image: /^tools\.example\.com\/killer@/, phase: 'Succeeded' as const, log: 'killed=1\n' };

let opened = 0;

/** A wire that records whether a call is on its way, and whether something may have changed. */
const watch = (wire: Wire, seen: { flying: number; changed: boolean }): Wire => {
  return async (request) => {
    seen.flying += 1;
    try {
      return await wire(request);
    } finally {
      seen.flying -= 1;
      seen.changed ||= request.method !== 'GET';
    }
  };
};

const clustersOver = (wire: Wire, describe: () => ClusterDescription): WritableClusters => {
  const [reader, writer] = [makeKubernetesReader(wire), makeKubernetesWriter(wire)];
  return { served: () => [SHOP], describe: async () => describe(), reader: () => reader, writer: () => writer };
};

/** A shop of its own on a real API server, on which Firebreak's identities have been granted their rights. */
export const openRealSite =
  (server: () => Promise<ApiServer>): OpenSite =>
  async () => {
    opened += 1;
    const { wire, tls } = await server();
    const seen = { flying: 0, changed: true };
    const clock = siteClock(
      Date.now(),
      () => seen.flying,
      () => play(),
    );
    const kit = containmentKit(1, clock);
    const { world, cluster } = kit;
    const kubelet = await startKubelet(tls);
    const reader = makeKubernetesReader(wire('admin'));
    const writer = makeKubernetesWriter(watch(wire('admin'), seen));
    const names = await mirrorCluster(cluster, writer, `s${opened}`, kubelet);
    for (const [place, text] of cluster.reality.logs) {
      const [namespace = '', ...rest] = place.split('/');
      kubelet.logs.set([names.space(namespace), ...rest].join('/'), text);
    }
    const spaces = SPACES.map(names.space);
    const nodes = Object.values(SHOP_NODES).flat().map(names.node);
    const play = async (): Promise<void> => {
      for (let turns = 0; seen.changed; turns += 1) {
        if (turns === TURNS) throw new Error('the played controllers do not come to rest');
        seen.changed = false;
        await playOnce({
          reader,
          writer,
          world,
          spaces,
          nodes,
          isOurs: names.isOurs,
          logs: kubelet.logs,
          programs: [KILLER],
        });
      }
    };
    const as = (identity: Identity): WritableClusters =>
      clustersOver(watch(wire(identity), seen), () => cluster.description());
    return {
      bench: { clock, ports: { ...kit.ports, clusters: as(CONTAIN) } },
      decide: {
        clock,
        stores: kit.ports.stores,
        clusters: as(DECIDE),
        compute: worldCompute(world.compute, DECIDE),
      },
      admin: { reader, writer },
      world,
      space: names.space,
      logs: kubelet.logs,
      play: () => {
        // Changes of the VMs did not pass through the wires, so they must be announced here.
        seen.changed = true;
        return play();
      },
      stop: () => kubelet.stop(),
    };
  };
