import type { EffectiveRule, Firewall, FirewallRule } from '../model/firewall.ts';
import type { ComputeRequests } from './compute-api.ts';
import { readReply, readTime } from './compute-read.ts';
import { effectiveReply, type FirewallReply, firewallReply, type PolicyReply } from './compute-shapes.ts';

const protocolsOf = (list: ReadonlyArray<{ protocol: string; ports: string[] }>): string[] =>
  list.flatMap(({ protocol, ports }) => (ports.length === 0 ? [protocol] : ports.map((port) => `${protocol}:${port}`)));

const vpcProtocols = (reply: FirewallReply): string[] =>
  protocolsOf([...reply.denied, ...reply.allowed].map((each) => ({ protocol: each.IPProtocol, ports: each.ports })));

/** Firebreak's own form of a VPC firewall rule. */
export const readFirewall = (reply: unknown): Firewall => {
  const read = readReply('a firewall rule', firewallReply, reply);
  return {
    id: read.id,
    name: read.name,
    network: read.network,
    direction: read.direction,
    action: read.denied.length > 0 ? 'deny' : 'allow',
    priority: read.priority,
    ranges: read.direction === 'INGRESS' ? read.sourceRanges : read.destinationRanges,
    ...(read.sourceTags.length === 0 ? {} : { sourceTags: read.sourceTags }),
    protocols: vpcProtocols(read),
    targetTags: read.targetTags,
    logging: read.logConfig.enable,
    disabled: read.disabled,
    createdAt: readTime('a firewall rule', read.creationTimestamp),
    ...(read.description === undefined ? {} : { description: read.description }),
  };
};

const vpcRule = (reply: FirewallReply): EffectiveRule => ({
  source: 'vpc',
  name: reply.name,
  direction: reply.direction,
  action: reply.denied.length > 0 ? 'deny' : 'allow',
  priority: reply.priority,
  targetTags: reply.targetTags,
  targetServiceAccounts: reply.targetServiceAccounts,
  ranges: reply.direction === 'INGRESS' ? reply.sourceRanges : reply.destinationRanges,
  byRangesOnly:
    reply.sourceTags.length === 0 &&
    reply.sourceServiceAccounts.length === 0 &&
    (reply.direction === 'INGRESS' ? reply.destinationRanges : reply.sourceRanges).length === 0,
  protocols: vpcProtocols(reply),
  logging: reply.logConfig.enable,
});

const isFilled = (value: unknown): boolean =>
  typeof value === 'string' ? value !== '' : Array.isArray(value) && value.length > 0;

const policyRules = (source: EffectiveRule['source'], policy: PolicyReply): EffectiveRule[] =>
  policy.rules
    .filter((rule) => !rule.disabled)
    .toSorted((a, b) => a.priority - b.priority)
    .map((rule) => ({
      source,
      name: `${policy.shortName ?? policy.name}#${rule.priority}`,
      direction: rule.direction,
      action: rule.action,
      priority: rule.priority,
      targetTags: [],
      targetServiceAccounts: rule.targetServiceAccounts,
      ranges: rule.direction === 'INGRESS' ? rule.match.srcIpRanges : rule.match.destIpRanges,
      byRangesOnly: !Object.entries(rule.match).some(
        ([key, value]) =>
          key !== 'layer4Configs' &&
          key !== (rule.direction === 'INGRESS' ? 'srcIpRanges' : 'destIpRanges') &&
          isFilled(value),
      ),
      protocols: protocolsOf(
        rule.match.layer4Configs.map((each) => ({ protocol: each.ipProtocol, ports: each.ports })),
      ),
      logging: rule.enableLogging,
    }));

/**
 * Whether the reply holds network policies. Whether these come before or after the VPC rules is a setting of the
 * network.
 */
export const hasNetworkPolicies = (reply: unknown): boolean =>
  readReply('effective firewalls', effectiveReply, reply).firewallPolicys.some(({ type }) =>
    type.startsWith('NETWORK'),
  );

/**
 * The rules in the order in which the first match decides: hierarchical policies, Google's system policies, then
 * network policies before or after the VPC rules. VPC rules are ordered by priority, a deny before an allow.
 */
export const readEffective = (reply: unknown, networkPolicies: 'before-vpc' | 'after-vpc'): EffectiveRule[] => {
  const read = readReply('effective firewalls', effectiveReply, reply);
  const of = (source: EffectiveRule['source'], prefix: string) =>
    read.firewallPolicys.filter(({ type }) => type.startsWith(prefix)).flatMap((policy) => policyRules(source, policy));
  const vpc = read.firewalls
    .filter((rule) => !rule.disabled)
    .map(vpcRule)
    .toSorted((a, b) => a.priority - b.priority || b.action.localeCompare(a.action) || a.name.localeCompare(b.name));
  const network = of('network-policy', 'NETWORK');
  const isKnown = ({ type }: PolicyReply): boolean => /^(HIERARCHY|SYSTEM|NETWORK)/.test(type);
  return [
    // A type that came after this was written may be evaluated first: nobody is told of a cut that may not hold.
    ...read.firewallPolicys.filter((policy) => !isKnown(policy)).flatMap((policy) => policyRules('hierarchy', policy)),
    ...of('hierarchy', 'HIERARCHY'),
    ...of('system', 'SYSTEM'),
    ...(networkPolicies === 'before-vpc' ? [...network, ...vpc] : [...vpc, ...network]),
  ];
};

const rangesOf = ({ direction, ranges }: FirewallRule) =>
  direction === 'INGRESS' ? { sourceRanges: ranges } : { destinationRanges: ranges };

/** One of Firebreak's rules in the form that `firewalls.insert` takes. */
export const firewallResource = (rule: FirewallRule): ComputeRequests['Firewalls.Insert']['firewallResource'] => {
  const protocols = rule.protocols.map((each) => {
    const [protocol = each, port] = each.split(':');
    return { IPProtocol: protocol, ...(port === undefined ? {} : { ports: [port] }) };
  });
  return {
    name: rule.name,
    network: rule.network,
    direction: rule.direction,
    priority: rule.priority,
    ...(rule.action === 'deny' ? { denied: protocols } : { allowed: protocols }),
    ...(rule.ranges.length === 0 ? {} : rangesOf(rule)),
    ...(rule.sourceTags === undefined ? {} : { sourceTags: rule.sourceTags }),
    targetTags: rule.targetTags,
    logConfig: { enable: rule.logging },
    ...(rule.description === undefined ? {} : { description: rule.description }),
  };
};
