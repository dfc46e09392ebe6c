import type { Instance } from '../model/compute.ts';
import { instanceOf, type NodeContext, vmOf } from './host.ts';
import { INVESTIGATE_TAG } from './investigation.ts';
import type { Task } from './operations.ts';
import { withKey, withoutKey } from './verdicts/ssh-keys.ts';

const KEYS = 'ssh-keys';

/** Whether the VM has the tag that lets an investigator reach it. */
export const isTagged = (instance: Instance): boolean => instance.tags.items.includes(INVESTIGATE_TAG);

type Changes = { tags: string[]; metadata: Record<string, string> };

/** A change of the VM's tags or metadata. Both carry a fingerprint, so the VM is read again just before the send. */
const vmTask = (context: NodeContext, key: string, change: (instance: Instance) => Partial<Changes>): Task => ({
  key,
  send: async (requestId) => {
    const instance = await instanceOf(context);
    const vm = vmOf(context.subject.host);
    if (instance === undefined || vm === undefined) return 'gone';
    const { tags, metadata } = change(instance);
    if (tags !== undefined)
      return context.computeWrite.setTags({ vm, items: tags, fingerprint: instance.tags.fingerprint, requestId });
    if (metadata === undefined) return 'gone';
    const { fingerprint } = instance.metadata;
    return context.computeWrite.setMetadata({ vm, items: metadata, fingerprint, requestId });
  },
});

const keysWith = (instance: Instance, keys: string): Record<string, string> => {
  const { [KEYS]: _, ...others } = instance.metadata.items;
  return keys === '' ? others : { ...others, [KEYS]: keys };
};

/** Tasks that put the key into the VM's metadata, or take it out; none where that is so already, or no key is used. */
export const keyTasks = (context: NodeContext, instance: Instance, key: string | null, opens: boolean): Task[] => {
  const known = instance.metadata.items[KEYS] ?? '';
  const wanted = key === null ? known : opens ? withKey(known, key) : withoutKey(known, key);
  if (key === null || wanted === known) return [];
  const change = (now: Instance) => {
    const keys = now.metadata.items[KEYS] ?? '';
    return { metadata: keysWith(now, opens ? withKey(keys, key) : withoutKey(keys, key)) };
  };
  return [vmTask(context, opens ? 'key' : 'unkey', change)];
};

/** Tasks that give the VM the tag, or take it off; none where that is so already. */
export const tagTasks = (context: NodeContext, instance: Instance, opens: boolean): Task[] => {
  const tagged = (now: Instance) => ({
    tags: opens
      ? [...new Set([...now.tags.items, INVESTIGATE_TAG])]
      : now.tags.items.filter((item) => item !== INVESTIGATE_TAG),
  });
  return isTagged(instance) === opens ? [] : [vmTask(context, opens ? 'tag' : 'untag', tagged)];
};
