import type { Changed, Instance, VmRef } from '../model/compute.ts';
import { instanceOf, type NodeContext, vmOf } from './host.ts';
import type { Task } from './operations.ts';
import { requestIdOf } from './request-id.ts';

/**
 * A change of the VM that carries a fingerprint of what it replaces, so the VM is read again just before the send. With
 * another fingerprint it is another request: the service would answer the id of the earlier one with the outcome of
 * that one, or with a refusal.
 */
export const vmTask = (
  context: NodeContext,
  key: string,
  fingerprintOf: (instance: Instance) => string,
  send: (vm: VmRef, instance: Instance, requestId: string) => Promise<Changed>,
): Task => ({
  key,
  send: async (requestId) => {
    const instance = await instanceOf(context);
    const vm = vmOf(context.subject.host);
    if (instance === undefined || vm === undefined) return 'gone';
    return send(vm, instance, requestIdOf(requestId, fingerprintOf(instance)));
  },
});

/** A change of the VM's network tags, of which the service takes the whole list. */
export const tagTask = (context: NodeContext, key: string, change: (items: readonly string[]) => string[]): Task =>
  vmTask(
    context,
    key,
    ({ tags }) => tags.fingerprint,
    (vm, { tags: { items, fingerprint } }, requestId) =>
      context.computeWrite.setTags({ vm, items: change(items), fingerprint, requestId }),
  );

/** Whether a VM has a network tag. */
export const hasTag = ({ tags }: Instance, tag: string): boolean => tags.items.includes(tag);

/** The list with this tag, once. */
export const withTag = (items: readonly string[], tag: string): string[] => [...new Set([...items, tag])];

/** The list without this tag. */
export const withoutTag = (items: readonly string[], tag: string): string[] => items.filter((item) => item !== tag);
