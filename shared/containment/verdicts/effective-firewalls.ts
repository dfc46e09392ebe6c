import type { EffectiveRule } from '../../model/firewall.ts';

const ALL = { INGRESS: ['0.0.0.0/0', '::/0'], EGRESS: ['0.0.0.0/0', '::/0'] } as const;
const WAYS = ['INGRESS', 'EGRESS'] as const;

/** Whether a rule is one of ours, as it was made: one that somebody has narrowed by more than ranges cuts less. */
const isOurs = (rule: EffectiveRule, names: ReadonlySet<string>): boolean =>
  rule.source === 'vpc' &&
  names.has(rule.name) &&
  rule.action === 'deny' &&
  rule.protocols.includes('all') &&
  rule.byRangesOnly;

const isIpv6 = (range: string): boolean => range.includes(':');

/** Whether a rule may match the IP version of this range; a rule that has no ranges may match both. */
const concerns = (rule: EffectiveRule, range: string): boolean =>
  rule.ranges.length === 0 || rule.ranges.some((r) => isIpv6(r) === isIpv6(range));

/** Actions that let no packet through. A packet that is handed to an inspection may come through, as with an allow. */
const HOLDS = new Set(['deny', 'goto_next']);

const verbOf = ({ action }: EffectiveRule): string => (action === 'allow' ? 'allows' : `may let through (${action})`);

/**
 * Why an interface may not be cut, in sentences; empty where it is cut. `rules` are in the order in which the first
 * match decides: our deny must be there for both ways and both IP versions, and before it no rule that lets anything
 * through, except one that was opened on purpose (`isOpened`).
 */
export const cutDoubts = (
  rules: readonly EffectiveRule[],
  nic: string,
  names: ReadonlySet<string>,
  isOpened: (rule: EffectiveRule) => boolean = () => false,
): string[] =>
  WAYS.flatMap((direction) =>
    ALL[direction].flatMap((range) => {
      const way = rules.filter((rule) => rule.direction === direction && concerns(rule, range));
      const cut = way.findIndex((rule) => isOurs(rule, names) && rule.ranges.includes(range));
      const version = isIpv6(range) ? 'IPv6' : 'IPv4';
      if (cut < 0) return [`no deny rule of ours applies to ${version} ${direction.toLowerCase()} on ${nic}`];
      const allows = way.slice(0, cut).filter((rule) => !HOLDS.has(rule.action) && !isOpened(rule));
      return allows.map(
        (rule) => `${rule.source} rule ${rule.name} ${verbOf(rule)} ${direction.toLowerCase()} on ${nic} before ours`,
      );
    }),
  );
