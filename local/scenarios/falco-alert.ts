import type { ClusterRef } from '../../shared/model/target.ts';
import { FALCO_PLACE_FIELDS } from '../../shared/sources/falco-target.ts';

type Told = {
  uuid: string;
  /** RFC 3339 with nine digits, UTC. */
  time: string;
  priority: string;
  /** The cluster in the alert's custom fields; `null` for an alert without one. */
  cluster: ClusterRef | null;
  namespace: string;
  /** `null` for a process outside of any container. */
  pod: string | null;
  podUid: string;
  /** The node on which Falco runs. */
  node: string;
  command: string;
  parentCommand: string;
  fields: Record<string, unknown>;
};

/**
 * The parts of an alert that a caller sets. Everything else is filled as Falco and falcosidekick do, with invented
 * names.
 */
export type FalcoParts = { rule: string } & { [Key in keyof Told]?: Told[Key] | undefined };

/** The custom fields in which falcosidekick names its cluster. */
export const falcoPlace = ({ project, location, cluster }: ClusterRef): Record<string, string> => ({
  [FALCO_PLACE_FIELDS.project]: project,
  [FALCO_PLACE_FIELDS.location]: location,
  [FALCO_PLACE_FIELDS.cluster]: cluster,
});

/** An alert in the form in which falcosidekick publishes it. */
export const falcoAlert = (parts: FalcoParts): Record<string, unknown> => {
  const { rule, priority = 'Warning', pod = 'cart-0', namespace = 'shop', node = 'gke-c1-pool-0' } = parts;
  const { cluster = { project: 'p1', location: 'europe-west1', cluster: 'c1' }, command = 'sh' } = parts;
  const time = parts.time ?? '2026-03-02T10:15:30.250000000Z';
  return {
    uuid: parts.uuid ?? '2f4c1f0a-6a0f-4f0e-9a55-0d1f5e0c7b11',
    output: `${time.slice(11, 29)}: ${priority} ${rule} (command=${command} k8s.ns=${namespace} k8s.pod=${pod})`,
    priority,
    rule,
    time,
    source: 'syscall',
    hostname: node,
    tags: ['container', 'process'],
    output_fields: {
      'container.id': pod === null ? 'host' : 'f1d2d2f924e9',
      'container.image.repository': pod === null ? null : 'example.com/cart',
      'evt.time': 1_772_446_530_250_000_000,
      'fd.rport': null,
      'k8s.ns.name': pod === null ? null : namespace,
      'k8s.pod.name': pod,
      ...(parts.podUid === undefined ? {} : { 'k8s.pod.uid': parts.podUid }),
      'proc.cmdline': command,
      'proc.pcmdline': parts.parentCommand ?? 'containerd-shim',
      'proc.tty': 34_816,
      'user.name': 'root',
      ...(cluster === null ? {} : falcoPlace(cluster)),
      ...parts.fields,
    },
  };
};
