import type { Context } from '../context.ts';

/** Gives every active namespace a ServiceAccount named default. */
export const syncAccounts = (context: Context): void => {
  const kind = context.kind('ServiceAccount');
  for (const namespace of context.store.all(context.kind('Namespace'))) {
    const { name, deletionTimestamp } = namespace.metadata;
    if (deletionTimestamp !== undefined || context.store.get(kind, name, 'default') !== undefined) continue;
    context.store.insert('serviceaccount-controller', kind, { metadata: { name: 'default', namespace: name } });
  }
};
