import { hash } from 'node:crypto';
import { partialUrl } from '../compute-url.ts';
import type { Instance } from '../model/compute.ts';
import type { EffectiveRule, Firewall, FirewallRule } from '../model/firewall.ts';
import type { Time } from '../model/time.ts';
import { IAP_RANGE, type InvestigationSource, type StepSettings } from './settings.ts';

/** The network tag of a node that an investigator may reach. */
export const INVESTIGATE_TAG = 'firebreak-investigate';

/** The name of a host's rule in one network, at most 63 characters. Closing it closes no other host's access. */
const ruleName = (host: string, network: string): string =>
  `firebreak-investigate-${hash('sha256', `${host} ${partialUrl(network)}`).slice(0, 16)}`;

const sourceOf = (from: InvestigationSource): Pick<FirewallRule, 'ranges' | 'sourceTags'> =>
  'tag' in from ? { ranges: [], sourceTags: [from.tag] } : { ranges: [...from.ranges] };

/** The description that marks a rule as ours and names its host. */
const descriptionOf = (host: string): string => `Firebreak: investigation access to instance ${host}`;

/** SSH from the intermediary alone, before every rule of the VPC: priority 0 comes before the cut's 1. */
export const investigationRule = (host: string, network: string, from: InvestigationSource): FirewallRule => ({
  name: ruleName(host, network),
  network,
  direction: 'INGRESS',
  action: 'allow',
  priority: 0,
  ...sourceOf(from),
  protocols: ['tcp:22'],
  targetTags: [INVESTIGATE_TAG],
  logging: true,
  description: descriptionOf(host),
});

const same = (a: readonly string[] = [], b: readonly string[] = []): boolean =>
  a.length === b.length && a.every((one) => b.includes(one));

/** Whether the existing rule is the one that we would make, and no wider. */
export const isInvestigationRule = (there: Firewall, rule: FirewallRule): boolean =>
  there.description === rule.description &&
  there.direction === rule.direction &&
  there.action === rule.action &&
  !there.disabled &&
  same(there.protocols, rule.protocols) &&
  same(there.ranges, rule.ranges) &&
  same(there.sourceTags, rule.sourceTags) &&
  same(there.targetTags, rule.targetTags);

/** Whether a rule in force on an interface is the access that we would open, and no wider. */
export const isInvestigationAccess = (there: EffectiveRule, rule: FirewallRule): boolean =>
  there.source === 'vpc' &&
  there.name === rule.name &&
  there.direction === rule.direction &&
  same(there.protocols, rule.protocols) &&
  same(there.ranges, rule.ranges) &&
  there.byRangesOnly === (rule.sourceTags === undefined) &&
  same(there.targetTags, rule.targetTags);

/**
 * The command that an investigator types, through Identity-Aware Proxy or on a VM of the intermediary, and for how long
 * it works. What is not of the command is a comment of the shell, so that the whole line can be copied.
 */
export const sshLine = (
  { project, zone, name }: Pick<Instance, 'project' | 'zone' | 'name'>,
  { from, sshKey }: StepSettings['investigation'],
  until: Time,
): string => {
  const who = sshKey === undefined ? '' : `${sshKey.split(':')[0] ?? ''}@`;
  const line = `gcloud compute ssh ${who}${name} --project=${project} --zone=${zone}`;
  if ('ranges' in from && from.ranges.includes(IAP_RANGE)) return `${line} --tunnel-through-iap # until ${until}`;
  const place = 'tag' in from ? `on a VM with the tag ${from.tag}` : `from ${from.ranges.join(' or ')}`;
  return `${line} --internal-ip # ${place}, until ${until}`;
};
