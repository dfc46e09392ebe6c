import { hash } from 'node:crypto';
import { parseComputeUrl } from '../compute-url.ts';
import { Malformed } from '../errors.ts';
import type { FirewallRule } from '../model/firewall.ts';

/** The network tag of a cut node. Terraform makes rules for the same tag. */
export const QUARANTINE_TAG = 'firebreak-quarantine';

const WAYS = [
  { direction: 'INGRESS', version: 'ipv4', range: '0.0.0.0/0', priority: 1 },
  { direction: 'INGRESS', version: 'ipv6', range: '::/0', priority: 1 },
  { direction: 'EGRESS', version: 'ipv4', range: '0.0.0.0/0', priority: 0 },
  { direction: 'EGRESS', version: 'ipv6', range: '::/0', priority: 0 },
] as const;

/** The name of one of the four rules of a network: at most 63 characters, and the same in Terraform. */
export const ruleName = (network: string, direction: string, version: string): string => {
  const name = parseComputeUrl(network)?.name ?? network;
  const tail = `deny-${direction.toLowerCase()}-${version}`;
  const digest = hash('sha256', name).slice(0, 6);
  return `firebreak-${name.slice(0, 25).replace(/-+$/, '')}-${digest}-${tail}`;
};

/**
 * The four rules that cut every VM with the tag: both ways, IPv4 and IPv6 (never in one rule), all protocols, logged.
 * Priority 0 for egress and 1 for ingress, so that in the VPC only investigation access (ingress, 0) comes before them.
 */
export const quarantineRules = (network: string): FirewallRule[] =>
  WAYS.map(({ direction, version, range, priority }) => ({
    name: ruleName(network, direction, version),
    network,
    direction,
    action: 'deny',
    priority,
    ranges: [range],
    protocols: ['all'],
    targetTags: [QUARANTINE_TAG],
    logging: true,
    description: 'Firebreak: cuts nodes that carry the quarantine tag',
  }));

/** The project that a network belongs to: in a shared VPC the host project. */
export const projectOfNetwork = (network: string): string | undefined => parseComputeUrl(network)?.project;

/** The project in which a rule of this network is made and looked up. Throws Malformed where it cannot be read. */
export const projectOfRule = ({ network }: Pick<FirewallRule, 'network'>): string => {
  const project = projectOfNetwork(network);
  if (project === undefined) throw new Malformed(`network ${network} has no project that can be read from it`);
  return project;
};
