import { randomBytes } from 'node:crypto';
import { systemClock } from '../shared/adapters/clock.ts';
import type { FunctionName } from '../shared/model/ids.ts';
import type { ClusterRef } from '../shared/model/target.ts';
import { startComputeServer } from './compute-server.ts';
import { startKubernetesServer } from './kubernetes-server.ts';
import { startMonitoringServer } from './monitoring-server.ts';
import { SHOP, seedShop } from './world/seed.ts';
import { makeWorld, type World } from './world/world.ts';

/** The simulated cloud behind HTTP servers, which the functions call with the real client libraries. */
type Cloud = {
  project: string;
  world: World;
  /**
   * Environment variables for reaching what the function may reach; empty for a function without access to the cloud.
   */
  environmentOf(name: FunctionName): Record<string, string>;
  stop(): Promise<void>;
};

/** The functions whose identity may reach a cluster. All of them but the detector may also reach the VMs. */
const ADMITTED: readonly FunctionName[] = ['decide', 'operate', 'contain', 'detect-cryptomining'];
const DETECTOR = 'firebreak-detect-cryptomining';

/** How often, in ms, the world performs what is due. */
const SETTLE_MS = 100;

/** A world with a shop on one cluster. */
export const makeShop = (): World => {
  const world = makeWorld(systemClock);
  seedShop(world);
  return world;
};

/**
 * Starts the servers on 127.0.0.1. Each admitted function gets its own bearer token, which stands for its service
 * account `firebreak-NAME`; the world decides what that account may do.
 */
export const startCloud = async (world: World = makeShop()): Promise<Cloud> => {
  const tokens = new Map(ADMITTED.map((name) => [name, randomBytes(24).toString('hex')]));
  const identities = new Map([...tokens].map(([name, token]) => [token, `firebreak-${name}`]));
  const identityOf = (token: string | undefined): string | undefined =>
    token === undefined ? undefined : identities.get(token);
  const ofVms = (token: string | undefined): string | undefined => {
    const identity = identityOf(token);
    return identity === DETECTOR ? undefined : identity;
  };
  const compute = await startComputeServer({ world: world.compute, identityOf: ofVms });
  const monitoring = await startMonitoringServer({ world: world.monitoring, now: systemClock.now, identityOf });
  const kubernetes = await startKubernetesServer({ clusters: world.clusters, identityOf });
  const settling = setInterval(() => world.settle(), SETTLE_MS);
  const clusters: ClusterRef[] = [...world.clusters.values()].map(({ ref }) => ref);
  return {
    project: clusters[0]?.project ?? SHOP.project,
    world,
    environmentOf: (name) => {
      const token = tokens.get(name);
      if (token === undefined) return {};
      return {
        FIREBREAK_CLUSTERS: JSON.stringify(clusters),
        FIREBREAK_CONTAINER_ENDPOINT: kubernetes.url,
        FIREBREAK_TOKEN: token,
        ...(name === 'detect-cryptomining'
          ? { FIREBREAK_MONITORING_ENDPOINT: monitoring.url }
          : { FIREBREAK_COMPUTE_ENDPOINT: compute.url }),
      };
    },
    stop: async () => {
      clearInterval(settling);
      await Promise.all([kubernetes.stop(), compute.close(), monitoring.close()]);
    },
  };
};
