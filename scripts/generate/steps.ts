import type { RbacRule, Step } from '../../shared/containment/step.ts';
import { STEPS } from '../../shared/containment/steps/registry.ts';
import { ISOLATE_HOST_REACH, PLAYBOOKS, type RowItem } from '../../shared/decision/playbooks.ts';
import { TIERS } from '../../shared/model/ids.ts';
import { type Files, GENERATED_NOTE } from './files.ts';

const code = (texts: readonly string[]): string => texts.map((text) => `\`${text}\``).join(', ');

const rbacText = ({ group, resource, verbs, ownNamespace }: RbacRule): string =>
  `${group === '' ? '' : `${group}/`}${resource}: ${verbs.join(', ')}${ownNamespace === true ? ' (only in the namespace of Firebreak)' : ''}`;

const section = (step: Step): string[] => [
  `## ${step.id}`,
  '',
  step.does,
  '',
  `- on: each ${step.scope} of the incident${'bareNodes' in step ? ', and each of its nodes that none of these pods is on' : ''}; journaled with the ${step.journal}`,
  `- release: ${step.undoable ? 'undone, or the record says why not' : 'leaves nothing to undo'}`,
  `- IAM: ${step.permissions.iam.length === 0 ? 'none' : code(step.permissions.iam)}`,
  ...(step.permissions.optIn === undefined ? [] : [`- IAM, by opt-in only: ${code(step.permissions.optIn)}`]),
  `- RBAC: ${step.permissions.rbac.length === 0 ? 'none' : code(step.permissions.rbac.map(rbacText))}`,
  '',
];

const known = new Set<string>(STEPS.map(({ id }) => id));

const askedFor = (only: NonNullable<RowItem['only']>): string =>
  `only if ${only === 'freeze' ? "the evidence is in the workload's own spec or in more than one of its pods, or the policy adds freeze" : `a request asks for ${only}, or the policy adds it`}`;

const itemText = ({ step, part, start, only, needs, anyOf, follows, waits, evidence }: RowItem): string => {
  const name = known.has(step) ? `[${step}](#${step})` : `${step}, which does not exist yet`;
  const notes = [
    ...(part === undefined ? [] : [part]),
    ...(start === true ? ['started here, finished later'] : []),
    ...(only === undefined ? [] : [askedFor(only)]),
    ...(evidence === true ? ['not with stopFirst'] : []),
    ...(step === 'drain-node' ? ['not for a node alone, unless a request asks for drain, or the policy adds it'] : []),
    ...(needs === undefined ? [] : [`refused unless ${needs.join(' and ')} was done`]),
    ...(anyOf === undefined ? [] : [`refused unless ${anyOf.join(' or ')} is proven`]),
    ...(follows === undefined ? [] : [`after ${follows.join(' and ')}, whatever its outcome`]),
    ...Object.entries(waits ?? {}).map(([id, seconds]) => `waits for ${id}, at most ${seconds} s`),
  ];
  return notes.length === 0 ? name : `${name} (${notes.join('; ')})`;
};

const playbook = (title: string, row: readonly RowItem[]): string[] => {
  const items = row.map((item, n) => `${n + 1}. ${itemText(item)}`);
  return [`## ${title}`, '', ...(items.length === 0 ? ['Sends a notice; changes nothing.'] : items), ''];
};

/**
 * `docs/steps.md`: the playbook of each tier, then every step with its effect, its permissions and what release does.
 */
export const stepFiles = (): Files => {
  const text = [
    GENERATED_NOTE,
    '',
    '# Tiers and steps',
    '',
    ...TIERS.flatMap((tier) => playbook(`Tier ${tier}`, PLAYBOOKS[tier])),
    ...playbook(
      'Tier isolate, if a pod has access to the node itself, or the cluster does not enforce network policies',
      ISOLATE_HOST_REACH,
    ),
    ...STEPS.flatMap(section),
  ];
  return new Map([['docs/steps.md', text.join('\n')]]);
};
