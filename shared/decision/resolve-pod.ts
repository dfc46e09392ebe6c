import { labelIn } from '../kubernetes/label-selector.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import { hostReachOf, podSpecOf } from '../kubernetes/pod-spec.ts';
import type { PodSubject } from '../model/subject.ts';
import type { ClusterRef } from '../model/target.ts';
import { type Time, timeOf, toTime } from '../model/time.ts';
import { onceEach } from '../once-each.ts';
import type { ClusterReader } from '../ports.ts';
import { keyOfChain, makeOwnersOf, notesOf, readOf } from './owners.ts';
import { type ResolvePorts, resolveHost } from './resolve-host.ts';

/**
 * A pod as a plan needs to know it. `key`: of its incident. `topUid`: of the highest controller that was read, else of
 * the pod. `notes`: what could not be learned, in sentences.
 */
export type ResolvedPod = { subject: PodSubject; key: string; topUid: string; notes: string[] };

/** When an object was created. Without a readable time it counts as created now, and so is refused by name. */
export const createdAt = ({ metadata }: KubeObject, now: number): Time =>
  toTime(metadata.creationTimestamp) ?? timeOf(now);

const labelsOf = (pod: KubeObject, keys: readonly string[]): Record<string, string> | undefined => {
  const found = keys.flatMap((key) => {
    const value = labelIn(pod.metadata.labels ?? {}, key);
    return value === undefined ? [] : [[key, value] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
};

/**
 * Turns pods of one cluster into subjects. Owners, nodes and namespaces are read once each, however many pods share
 * them. Throws Denied and Transient as the ports do, but not for an owner that may not be read.
 */
export const makePodResolver = (
  ports: ResolvePorts,
  cluster: ClusterRef,
  reader: ClusterReader,
  labelKeys: readonly string[],
): ((pod: KubeObject) => Promise<ResolvedPod>) => {
  const ownersOf = makeOwnersOf(reader);
  const nodeOf = onceEach(async (name) => {
    const node = await reader.get({ apiVersion: 'v1', kind: 'Node', name });
    if (node === undefined) return undefined;
    const windows = node.metadata.labels?.['kubernetes.io/os'] === 'windows';
    return { resolved: await resolveHost(ports, cluster, node), windows };
  });
  const namespaceOf = onceEach((name) => reader.get({ apiVersion: 'v1', kind: 'Namespace', name }));

  return async (pod) => {
    const { name, uid, namespace = '' } = pod.metadata;
    const nodeName = typeof pod.spec?.nodeName === 'string' ? pod.spec.nodeName : undefined;
    const [chain, node, space] = await Promise.all([
      ownersOf(pod),
      nodeName === undefined ? undefined : nodeOf(nodeName),
      namespaceOf(namespace),
    ]);
    const spec = podSpecOf('Pod', pod);
    const labels = labelsOf(pod, labelKeys);
    const notes = [
      ...notesOf(chain).map((note) => `pod ${name}: ${note}`),
      ...(nodeName === undefined ? [`pod ${name} has no node yet`] : []),
      ...(nodeName !== undefined && node === undefined ? [`pod ${name}: its node no longer exists`] : []),
      ...(node?.resolved.notes ?? []),
    ];
    const subject: PodSubject = {
      kind: 'pod',
      uid,
      namespace,
      namespaceUid: space?.metadata.uid ?? '',
      name,
      createdAt: createdAt(pod, ports.clock.now()),
      owners: chain.owners,
      ...(chain.unread === undefined ? {} : { ownersUnread: chain.unread }),
      ...(labels === undefined ? {} : { labels }),
      ...(node === undefined ? {} : { host: node.resolved.host }),
      hostNetwork: spec?.hostNetwork === true,
      hostReach: spec !== undefined && hostReachOf(spec).length > 0,
      windows: spec?.windows === true || node?.windows === true,
      addedAt: timeOf(ports.clock.now()),
    };
    return { subject, key: keyOfChain(chain, uid), topUid: readOf(chain).at(-1)?.uid ?? uid, notes };
  };
};
