import type { Instance } from '../model/compute.ts';
import type { NodeContext } from './host.ts';
import { INVESTIGATE_TAG } from './investigation.ts';
import type { Task } from './operations.ts';
import { hasTag, tagTask, vmTask, withoutTag, withTag } from './tag-task.ts';
import { withKey, withoutKey } from './verdicts/ssh-keys.ts';

const KEYS = 'ssh-keys';

const keysWith = (instance: Instance, keys: string): Record<string, string> => {
  const { [KEYS]: _, ...others } = instance.metadata.items;
  return keys === '' ? others : { ...others, [KEYS]: keys };
};

/** Tasks that put the key into the VM's metadata, or take it out; none where that is so already, or no key is used. */
export const keyTasks = (context: NodeContext, instance: Instance, key: string | null, opens: boolean): Task[] => {
  const known = instance.metadata.items[KEYS] ?? '';
  const wanted = key === null ? known : opens ? withKey(known, key) : withoutKey(known, key);
  if (key === null || wanted === known) return [];
  const task = vmTask(
    context,
    opens ? 'key' : 'unkey',
    ({ metadata }) => metadata.fingerprint,
    (vm, now, requestId) => {
      const { items, fingerprint } = now.metadata;
      const keys = items[KEYS] ?? '';
      const changed = keysWith(now, opens ? withKey(keys, key) : withoutKey(keys, key));
      return context.computeWrite.setMetadata({ vm, items: changed, fingerprint, requestId });
    },
  );
  return [task];
};

/** Tasks that give the VM the tag, or take it off; none where that is so already. */
export const tagTasks = (context: NodeContext, instance: Instance, opens: boolean): Task[] => {
  if (hasTag(instance, INVESTIGATE_TAG) === opens) return [];
  const change = (items: readonly string[]) => (opens ? withTag : withoutTag)(items, INVESTIGATE_TAG);
  return [tagTask(context, opens ? 'tag' : 'untag', change)];
};
