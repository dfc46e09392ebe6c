import { type ClusterRef, clusterName } from '../../shared/model/target.ts';
import { type ComputeWorld, makeComputeWorld } from './compute/world.ts';
import { type KubeCluster, makeKubeCluster } from './kubernetes/cluster.ts';
import { makeWorldLog, type WorldLog } from './log.ts';
import { followMachines } from './machines.ts';
import { type MonitoringWorld, makeMonitoringWorld } from './monitoring/world.ts';

/** The simulated cloud: clusters, the VMs under them, and one log of everything that changed. */
export type World = {
  log: WorldLog;
  /** By `project/location/cluster`. */
  clusters: Map<string, KubeCluster>;
  compute: ComputeWorld;
  /** The simulated Cloud Monitoring of these clusters. */
  monitoring: MonitoringWorld;
  addCluster(ref: ClusterRef): KubeCluster;
  /** Performs everything that is due at the clock's present time. */
  settle(): void;
};

/**
 * An empty world. `now` in ms since the epoch, `random` 128 bits in hex: the same random numbers give the same world.
 */
export const makeWorld = (given: { now(): number; random(): string }): World => {
  const log = makeWorldLog();
  const clusters = new Map<string, KubeCluster>();
  const compute = makeComputeWorld({ ...given, log });
  return {
    log,
    clusters,
    compute,
    monitoring: makeMonitoringWorld(clusters, given.now),
    addCluster: (ref) => {
      const around = (cluster: KubeCluster): void => followMachines(compute, cluster);
      const cluster = makeKubeCluster({ ...given, log, ref, around });
      clusters.set(clusterName(ref), cluster);
      return cluster;
    },
    settle: () => {
      compute.settle();
      for (const cluster of clusters.values()) cluster.settle();
    },
  };
};
