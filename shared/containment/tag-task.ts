import type { Instance } from '../model/compute.ts';
import { instanceOf, type NodeContext, vmOf } from './host.ts';
import type { Task } from './operations.ts';

/**
 * A change of the VM's network tags. The service takes the whole list, with the fingerprint of the one that it
 * replaces, so the VM is read again just before the send.
 */
export const tagTask = (context: NodeContext, key: string, change: (items: readonly string[]) => string[]): Task => ({
  key,
  send: async (requestId) => {
    const instance = await instanceOf(context);
    const vm = vmOf(context.subject.host);
    if (instance === undefined || vm === undefined) return 'gone';
    const { items, fingerprint } = instance.tags;
    return context.computeWrite.setTags({ vm, items: change(items), fingerprint, requestId });
  },
});

/** Whether a VM has a network tag. */
export const hasTag = ({ tags }: Instance, tag: string): boolean => tags.items.includes(tag);

/** The list with this tag, once. */
export const withTag = (items: readonly string[], tag: string): string[] => [...new Set([...items, tag])];

/** The list without this tag. */
export const withoutTag = (items: readonly string[], tag: string): string[] => items.filter((item) => item !== tag);
