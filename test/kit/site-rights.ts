import { z } from 'zod';
import type { AccessRule } from '../../local/world/kubernetes/rbac.ts';
import type { Printed } from './access.ts';

const role = z.looseObject({
  rules: z.array(
    z.object({ apiGroups: z.array(z.string()), resources: z.array(z.string()), verbs: z.array(z.string()) }),
  ),
});

/** The rules in the printed roles of one function, in the form of the simulated server's access table. */
export const accessRulesOf = (printed: readonly Printed[], name: string): AccessRule[] =>
  printed
    .filter(({ kind, metadata }) => (kind === 'ClusterRole' || kind === 'Role') && metadata.name === name)
    .flatMap((one) =>
      role.parse(one).rules.map(({ apiGroups, resources, verbs }) => ({
        groups: apiGroups,
        resources,
        verbs,
        ...(one.metadata.namespace === undefined ? {} : { namespaces: [one.metadata.namespace] }),
      })),
    );
