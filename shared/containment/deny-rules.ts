import { Denied, Malformed } from '../errors.ts';
import type { Instance } from '../model/compute.ts';
import type { EffectiveRule, Firewall, FirewallRule } from '../model/firewall.ts';
import { effectiveOn, type NodeContext } from './host.ts';
import { projectOfRule, QUARANTINE_TAG, quarantineRules } from './quarantine-rules.ts';
import { hasTag } from './tag-task.ts';

type Found = Pick<
  Firewall | EffectiveRule,
  'action' | 'direction' | 'priority' | 'protocols' | 'targetTags' | 'ranges'
>;

const isAsWanted = (rule: FirewallRule, there: Found): boolean =>
  there.action === 'deny' &&
  there.direction === rule.direction &&
  there.priority <= rule.priority &&
  there.protocols.includes('all') &&
  there.targetTags.length === 1 &&
  there.targetTags.includes(QUARANTINE_TAG) &&
  rule.ranges.every((range) => there.ranges.includes(range));

const keyIn = (project: string, { name }: Pick<FirewallRule, 'name'>): string => `${project} ${name}`;

/** What tells rules apart: networks of one name in two projects have rules of the same names. */
export const ruleKey = (rule: FirewallRule): string => keyIn(projectOfRule(rule), rule);

type Missing = { make: FirewallRule[]; wrong: string[] };

const noneIfRefused = (thrown: unknown): [] => {
  if (thrown instanceof Denied || thrown instanceof Malformed) return [];
  throw thrown;
};

/**
 * Tells of a rule whether it applies to a VM with the tag as it should, so that it need not be read by its name. Of
 * none, where the service refuses to say what applies.
 */
const inForceOn = async (context: NodeContext, instance: Instance): Promise<(rule: FirewallRule) => boolean> => {
  const isTagged = hasTag(instance, QUARANTINE_TAG);
  const found = isTagged ? await effectiveOn(context, instance).catch(noneIfRefused) : [];
  return (rule) =>
    found.some(
      ({ nic, rules }) =>
        nic.network === rule.network &&
        rules?.some((r) => r.source === 'vpc' && r.name === rule.name && r.byRangesOnly && isAsWanted(rule, r)),
    );
};

/**
 * The deny rules that must be made here, since Terraform has not made them, and the names of those that are wrong.
 * Where the VM has the tag already, one look at what applies to it tells of most rules, instead of a call for each.
 */
export const missingRules = async (
  context: NodeContext,
  instance: Instance,
  networks: readonly string[],
): Promise<Missing> => {
  const isThere = await inForceOn(context, instance);
  const rules = networks.flatMap(quarantineRules).filter((rule) => !isThere(rule));
  const listed = await Promise.all(
    Object.entries(Object.groupBy(rules, projectOfRule)).map(async ([project, group = []]) => {
      const there = await context.compute.firewallsNamed({ project, names: group.map(({ name }) => name) });
      return there.map((each): [string, Firewall] => [keyIn(project, each), each]);
    }),
  );
  const found = new Map(listed.flat());
  return {
    make: rules.filter((rule) => !found.has(ruleKey(rule))),
    wrong: rules.flatMap((rule) => {
      const there = found.get(ruleKey(rule));
      return there === undefined || (!there.disabled && isAsWanted(rule, there)) ? [] : [rule.name];
    }),
  };
};
