import type { Instance } from '../model/compute.ts';
import type { HostRef } from '../model/subject.ts';
import { once } from '../once.ts';
import { eventsOf } from './events.ts';
import type { Exhibit } from './evidence.ts';
import { effectiveOn, instanceById, type NodeContext, noVm } from './host.ts';
import { nodeByUid } from './node.ts';
import type { StepContext } from './step.ts';
import { listedPods } from './verdicts/exhibits.ts';
import { redactMetadata } from './verdicts/redact.ts';
import { nodeStaysValid } from './verdicts/stays-valid.ts';

type Reads = Pick<StepContext, 'read' | 'compute'>;
type ReadInstance = () => Promise<Instance | undefined>;

/** The exhibit that lists the rights that outlive a containment, and how to revoke them. */
export const STAYS_VALID = 'what-stays-valid.json';
/** Where the API server keeps events about objects without a namespace. */
const NODE_EVENTS = 'default';

/** Reads a host's VM, once for all exhibits that need it; undefined where there is no host, or its VM is gone. */
export const instanceRead = (context: Reads, host: HostRef | undefined): ReadInstance =>
  once(async () => (host === undefined ? undefined : instanceById(context, host)));

/** The Node, the VM without its secrets, and the firewall rules in force on each of its interfaces. */
export const hostExhibits = (context: Reads, host: HostRef, instance: ReadInstance): Exhibit[] => [
  { name: 'node.json', read: () => nodeByUid(context, host) },
  ...(host.instance === undefined
    ? []
    : [
        {
          name: 'instance.json',
          read: async () => {
            const found = await instance();
            const items = redactMetadata(found?.metadata.items ?? {});
            return found === undefined ? undefined : { ...found, metadata: { ...found.metadata, items } };
          },
        },
        {
          name: 'effective-firewalls.json',
          read: async () => {
            const found = await instance();
            if (found === undefined) return undefined;
            const effective = await effectiveOn(context, found);
            return Object.fromEntries(effective.map(({ nic, rules }) => [nic.name, rules]));
          },
        },
      ]),
];

/** What the APIs know of a node itself: Node, VM, events, the pods that run on it, and what its identity may do. */
export const nodeExhibits = (context: NodeContext): Exhibit[] => {
  const { incident, read, subject } = context;
  const { host } = subject;
  const instance = instanceRead(context, host);
  return [
    ...hostExhibits(context, host, instance),
    {
      name: 'events.json',
      // The kubelet writes the name of its Node where others write the UID.
      read: () => eventsOf(read, NODE_EVENTS, { 'involvedObject.kind': 'Node', 'involvedObject.name': host.node }),
    },
    {
      name: 'pods.json',
      read: async () =>
        (await nodeByUid(context, host)) === undefined
          ? undefined
          : listedPods(await read.list({ apiVersion: 'v1', kind: 'Pod', fields: { 'spec.nodeName': host.node } })),
    },
    {
      name: STAYS_VALID,
      read: async () => {
        const found = await instance();
        const unread = found === undefined ? [noVm(context).because] : [];
        return nodeStaysValid({ project: incident.target.project, instance: found, unread });
      },
    },
  ];
};
