import type { Instance } from '../model/compute.ts';
import { instanceOf, type NodeContext, vmOf } from './host.ts';
import { INVESTIGATE_TAG } from './investigation.ts';
import type { Task } from './operations.ts';
import { hasTag, tagTask, withoutTag, withTag } from './tag-task.ts';
import { withKey, withoutKey } from './verdicts/ssh-keys.ts';

const KEYS = 'ssh-keys';

/** A change of the VM's metadata. It carries a fingerprint, so the VM is read again just before the send. */
const metadataTask = (
  context: NodeContext,
  key: string,
  change: (instance: Instance) => Record<string, string>,
): Task => ({
  key,
  send: async (requestId) => {
    const instance = await instanceOf(context);
    const vm = vmOf(context.subject.host);
    if (instance === undefined || vm === undefined) return 'gone';
    const { fingerprint } = instance.metadata;
    return context.computeWrite.setMetadata({ vm, items: change(instance), fingerprint, requestId });
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
    return keysWith(now, opens ? withKey(keys, key) : withoutKey(keys, key));
  };
  return [metadataTask(context, opens ? 'key' : 'unkey', change)];
};

/** Tasks that give the VM the tag, or take it off; none where that is so already. */
export const tagTasks = (context: NodeContext, instance: Instance, opens: boolean): Task[] => {
  if (hasTag(instance, INVESTIGATE_TAG) === opens) return [];
  const change = (items: readonly string[]) => (opens ? withTag : withoutTag)(items, INVESTIGATE_TAG);
  return [tagTask(context, opens ? 'tag' : 'untag', change)];
};
