import { stampOf } from './objects.ts';
import type { Draft } from './store.ts';

type NodeSeed = {
  project: string;
  zone: string;
  name: string;
  pool: string;
  /** Instance id of the VM; GKE writes it into an annotation of the node. */
  instance: string;
  address: string;
  now: number;
  labels?: Record<string, string>;
};

/**
 * A Node in the form in which the kubelet of a GKE VM registers it: Ready, with providerID, addresses and the usual
 * labels.
 */
export const nodeFor = (seed: NodeSeed): Draft & { apiVersion: string; kind: string } => {
  const at = stampOf(seed.now);
  const fine = (type: string) => ({ type, status: 'False', reason: `KubeletHasNo${type}`, lastTransitionTime: at });
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: seed.name,
      labels: {
        'beta.kubernetes.io/instance-type': 'e2-standard-4',
        'cloud.google.com/gke-nodepool': seed.pool,
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': seed.name,
        'kubernetes.io/os': 'linux',
        'node.kubernetes.io/instance-type': 'e2-standard-4',
        'topology.kubernetes.io/region': seed.zone.slice(0, -2),
        'topology.kubernetes.io/zone': seed.zone,
        ...seed.labels,
      },
      annotations: { 'container.googleapis.com/instance_id': seed.instance },
    },
    spec: { providerID: `gce://${seed.project}/${seed.zone}/${seed.name}`, podCIDR: '10.8.0.0/24' },
    status: {
      addresses: [
        { type: 'InternalIP', address: seed.address },
        { type: 'Hostname', address: seed.name },
      ],
      allocatable: { cpu: '3920m', memory: '13Gi', pods: '110' },
      capacity: { cpu: '4', memory: '16Gi', pods: '110' },
      conditions: [
        fine('MemoryPressure'),
        fine('DiskPressure'),
        { type: 'Ready', status: 'True', reason: 'KubeletReady', lastTransitionTime: at },
      ],
      nodeInfo: {
        architecture: 'amd64',
        containerRuntimeVersion: 'containerd://2.1.4',
        kernelVersion: '6.6.93+',
        kubeletVersion: 'v1.34.1-gke.1000',
        operatingSystem: 'linux',
        osImage: 'Container-Optimized OS from Google',
      },
    },
  };
};
