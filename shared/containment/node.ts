import { z } from 'zod';
import type { KubeObject, ObjectRef } from '../kubernetes/object.ts';
import type { HostRef } from '../model/subject.ts';
import type { StepContext } from './step.ts';

const nodeStatus = z.looseObject({
  conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).default([]),
});

/** The object reference of a host's Node. */
export const nodeRef = ({ node }: Pick<HostRef, 'node'>): ObjectRef => ({ apiVersion: 'v1', kind: 'Node', name: node });

/** The host's Node; undefined where it is gone: another UID under its name is another machine. */
export const nodeByUid = async (
  { read }: Pick<StepContext, 'read'>,
  host: Pick<HostRef, 'node' | 'nodeUid'>,
): Promise<KubeObject | undefined> => {
  const node = await read.get(nodeRef(host));
  return node?.metadata.uid === host.nodeUid ? node : undefined;
};

/** Why there is no Node to work on, in words. */
export const goneNode = ({ node }: Pick<HostRef, 'node'>): string =>
  `node ${node} is gone, or another machine now has its name`;

/** The status of a Node's condition Ready (`True`, `False` or `Unknown`); undefined where it has none yet. */
export const readinessOf = ({ status }: KubeObject): string | undefined =>
  nodeStatus.parse(status ?? {}).conditions.find(({ type }) => type === 'Ready')?.status;
