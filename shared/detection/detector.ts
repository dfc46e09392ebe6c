import { type Address, type AddressRange, addressOf, rangeOf } from '../addresses.ts';
import { fitsGlob } from '../decision/glob.ts';
import type { Finding } from '../model/finding.ts';
import { severityRank } from '../model/ids.ts';
import type { AuditSignal, Signal } from '../model/signal.ts';
import { msOf } from '../model/time.ts';
import { evaluate } from './evaluate.ts';
import { isHeartbeat } from './heartbeat.ts';
import type { Known } from './known.ts';
import { ownChangeOf } from './own-change.ts';
import { RULES } from './registry.ts';
import type { HistoryRule, Rule } from './rule.ts';
import { ownIdentityChange } from './rules/own-identity-change.ts';
import { type Allowance, listsAddresses, noRules, type RuleOverride, type RulesFile } from './rules-file.ts';
import { userRule } from './user-rule.ts';

/** Findings, and separately those that somebody has vouched for, with a sentence that says who and until when. */
export type Seen = { findings: Finding[]; allowed: Array<{ finding: Finding; because: string }> };

/** The rules with the settings of one deployment. */
export type Detector = {
  /** Every rule, with the overrides of its claim in this deployment. */
  rules: readonly Rule[];
  /** What the rules see in a signal; `now` is ms since the epoch. */
  see(signal: Signal, now: number): Seen;
  /** The rules that remember something of a signal. Their findings still have to pass through `settle`. */
  remembering(signal: AuditSignal): readonly HistoryRule[];
  settle(findings: readonly Finding[], now: number): Seen;
};

const DAY_MS = 86_400_000;

/** Makes the detector from a rules file and the principals that Firebreak's own functions act as. */
export const makeDetector = (file: RulesFile = noRules(), identities: readonly string[] = []): Detector => {
  const known: Known = {
    identities: new Set(identities.map((one) => one.toLowerCase())),
    domains: file.domains,
    listOf: listedBy(file.lists),
  };
  const own = [...RULES, ...file.rules.map(userRule)];
  const before = new Map(own.map((rule) => [rule.id, rule]));
  const rules = own.map((rule) => {
    const { severity, confidence } = overrideOf(file, rule.id);
    if (severity === undefined && confidence === undefined) return rule;
    return { ...rule, severity: severity ?? rule.severity, confidence: confidence ?? rule.confidence };
  });

  // `ownIdentityChange` sees nothing in other principals' calls, and rules that read lists see nothing where there are
  // none.
  const others = own.filter((rule) => rule !== ownIdentityChange && (rule.needsLists !== true || listsAddresses(file)));
  const lasting = own.filter((rule) => rule.reads === 'history');

  const settle: Detector['settle'] = (findings, now) => {
    const seen: Seen = { findings: [], allowed: [] };
    for (const found of findings) {
      const finding = overridden(found, before.get(found.rule), overrideOf(file, found.rule));
      const because = allowedBy(file.allow, finding, now);
      if (because === undefined) seen.findings.push(finding);
      else seen.allowed.push({ finding, because });
    }
    return seen;
  };

  return {
    rules,
    see: (signal, now) => settle(evaluate(signal, now, isOurs(signal, known) ? OF_OURS : others, known), now),
    remembering: (signal) =>
      isHeartbeat(signal) || isOurs(signal, known)
        ? []
        : lasting.filter((rule) => rule.subjectOf(signal) !== undefined),
    settle,
  };
};

/**
 * For changes by our own identities: such a change is either in a journal and harmless, or worse than any other rule
 * could say.
 */
const OF_OURS: readonly Rule[] = [ownIdentityChange];

const isOurs = (signal: Signal, known: Known): boolean =>
  signal.kind === 'audit' && ownChangeOf(signal, known) !== undefined;

const overrideOf = ({ overrides }: RulesFile, rule: string): RuleOverride =>
  Object.hasOwn(overrides, rule) ? (overrides[rule] ?? {}) : {};

/** A finding at the full claim of its rule takes the overriding claim. A lesser finding is only lowered to it. */
const overridden = (finding: Finding, rule: Rule | undefined, { severity, confidence }: RuleOverride): Finding => {
  if (severity === undefined && confidence === undefined) return finding;
  const full = finding.severity === rule?.severity && finding.confidence === rule.confidence;
  const lower = severity !== undefined && severityRank(severity) < severityRank(finding.severity);
  return {
    ...finding,
    ...(severity !== undefined && (full || lower) ? { severity } : {}),
    ...(confidence !== undefined ? { confidence: full ? confidence : Math.min(confidence, finding.confidence) } : {}),
  };
};

const allowedBy = (allow: readonly Allowance[], finding: Finding, now: number): string | undefined => {
  const holds = allow.find((one) => now < msOf(`${one.expires}T00:00:00.000Z`) + DAY_MS && covers(one, finding));
  return holds === undefined ? undefined : `${holds.owner} vouches for it until ${holds.expires}: ${holds.reason}`;
};

const covers = ({ principal, namespace, rule }: Allowance, finding: Finding): boolean =>
  fitsGlob(principal, finding.principal) &&
  fitsGlob(namespace, finding.target.namespace) &&
  fitsGlob(rule, finding.rule);

/** The key of a range: engines hash a bigint by its last 64 bits, which ranges of IPv6 have in common. */
const keyIn = ({ bits, value }: Address, prefix: number): number | string => {
  const head = value >> BigInt(bits - prefix);
  return bits === 32 ? Number(head) : head.toString(36);
};

/**
 * The first list of the file that contains an address. Looks it up once for each prefix length, of which there are few,
 * not for each range, of which there are many.
 */
const listedBy = (lists: RulesFile['lists']): Known['listOf'] => {
  const byLength = new Map<string, { range: Omit<AddressRange, 'value'>; first: Map<number | string, number> }>();
  for (const [index, { addresses }] of lists.entries()) {
    for (const range of addresses.flatMap((text) => rangeOf(text) ?? [])) {
      const length = `${range.bits}/${range.prefix}`;
      const held = byLength.get(length) ?? { range, first: new Map<number | string, number>() };
      const key = keyIn(range, range.prefix);
      held.first.set(key, held.first.get(key) ?? index);
      byLength.set(length, held);
    }
  }
  if (byLength.size === 0) return () => undefined;
  return (callerIp) => {
    const address = addressOf(callerIp);
    if (address === undefined) return undefined;
    let found = lists.length;
    for (const { range, first } of byLength.values())
      if (range.bits === address.bits) found = Math.min(found, first.get(keyIn(address, range.prefix)) ?? found);
    return lists[found]?.name;
  };
};
