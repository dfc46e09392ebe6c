import { Malformed } from '../errors.ts';
import { isComputeName, isInstanceId, isLocation, isProjectId } from '../kubernetes/names.ts';
import type { Instance, InstanceRef } from '../model/compute.ts';
import { toTime } from '../model/time.ts';
import { instanceReply } from './compute-shapes.ts';

/** Throws Malformed unless every name of a reference fits the platform's grammar. */
export const checkInstanceRef = (ref: InstanceRef): void => {
  const { project, zone, name } = ref;
  if (isProjectId(project) && isLocation(zone) && (isComputeName(name) || isInstanceId(name))) return;
  throw new Malformed(`not the place of a VM: ${JSON.stringify({ project, zone, name }).slice(0, 300)}`);
};

/** A VM in our own words from the service's reply; Malformed where the reply lacks what a VM must have. */
export const readInstance = (place: { project: string; zone: string }, reply: unknown): Instance => {
  const read = instanceReply.safeParse(reply);
  if (!read.success) throw new Malformed(`the reply is not a VM: ${read.error.issues[0]?.path.join('.')}`);
  const { creationTimestamp, networkInterfaces, metadata, ...raw } = read.data;
  const createdAt = toTime(creationTimestamp);
  if (createdAt === undefined) throw new Malformed('the reply is not a VM: creationTimestamp');
  return {
    ...raw,
    ...place,
    createdAt,
    metadata: {
      items: Object.fromEntries(metadata.items.map(({ key, value }) => [key, value])),
      fingerprint: metadata.fingerprint,
    },
    interfaces: networkInterfaces,
  };
};
