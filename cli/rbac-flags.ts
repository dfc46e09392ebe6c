import type { Command } from 'commander';
import { isLabelName, isSubdomain } from '../shared/kubernetes/names.ts';
import type { OwnerKind } from '../shared/kubernetes/rbac-roles.ts';
import { Usage } from './arguments.ts';

/** The namespaces in which contain changes nothing, unless flags name others. */
const PROTECTED = ['kube-system', 'gke-*', 'gmp-*'];

/** The flags that determine the roles of a cluster. */
export type AccessFlags = { owner: string[]; protect: string[]; deleting: boolean };

/** Collects the values of a flag that may repeat. */
export const collected = (value: string, before: string[]): string[] => [...before, value];

/** Adds the flags that determine the roles of a cluster. */
export const withAccessOptions = (command: Command): Command =>
  command
    .option('--owner <group/resource>', 'a custom kind that owns pods, read and deleted too; may repeat', collected, [])
    .option(
      '--protect <namespace>',
      `where contain changes nothing, in place of ${PROTECTED.join(', ')}; may repeat`,
      collected,
      [],
    )
    .option('--no-deleting', 'without the rights of the tiers that delete workloads, redeploy and delete-workload');

/** Returns the text if it is a valid name of its kind; throws Usage otherwise. */
export const checked = (what: string, text: string, is: (text: string) => boolean): string => {
  if (is(text)) return text;
  throw new Usage(`${JSON.stringify(text.slice(0, 80))} is not a valid ${what}.`);
};

/** Checks a namespace, or a pattern for many: `gke-*`. */
const patternOf = (text: string): string => {
  checked('namespace', text.endsWith('*') ? text.slice(0, -1).replace(/-$/, '') : text, isLabelName);
  return text;
};

const ownerOf = (text: string): OwnerKind => {
  const [group = '', resource = '', ...more] = text.split('/');
  if (more.length === 0 && group.includes('.') && isSubdomain(group) && isLabelName(resource))
    return { group, resource };
  throw new Usage(`${JSON.stringify(text.slice(0, 80))} is no kind: write GROUP/RESOURCE, as argoproj.io/rollouts.`);
};

/** The values of the flags, each checked. */
export const accessOf = ({
  owner,
  protect,
  deleting,
}: AccessFlags): { owners: OwnerKind[]; protectedNamespaces: string[]; deleting: boolean } => ({
  deleting,
  owners: owner.map(ownerOf),
  protectedNamespaces: protect.length === 0 ? PROTECTED : protect.map(patternOf),
});
