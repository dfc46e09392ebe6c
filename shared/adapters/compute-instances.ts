import type { Instance } from '../model/compute.ts';
import { readReply, readTime } from './compute-read.ts';
import { instanceReply } from './compute-shapes.ts';

/** Reads the service's reply as a VM in Firebreak's own form; Transient if a required field is missing. */
export const readInstance = ({ project, zone }: { project: string; zone: string }, reply: unknown): Instance => {
  const { creationTimestamp, networkInterfaces, metadata, ...raw } = readReply('a VM', instanceReply, reply);
  return {
    ...raw,
    project,
    zone,
    createdAt: readTime('a VM', creationTimestamp),
    metadata: {
      items: Object.fromEntries(metadata.items.map(({ key, value }) => [key, value])),
      fingerprint: metadata.fingerprint,
    },
    interfaces: networkInterfaces,
  };
};
