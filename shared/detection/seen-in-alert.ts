import { isPrincipal } from '../kubernetes/names.ts';
import type { Finding } from '../model/finding.ts';
import { severityRank } from '../model/ids.ts';
import type { Target } from '../model/target.ts';
import type { ThreatSignal } from '../model/threat-signal.ts';
import { quote } from '../text.ts';
import { findingOf, type Weighed } from './finding-of.ts';
import type { Rule, ThreatRule } from './rule.ts';
import { RETOLD } from './threat-claims.ts';

/** What the rules see in another detector's alert: a finding on each of its targets. */
export const seenInAlert = (rules: readonly Rule[], signal: ThreatSignal): Finding[] => {
  const asked = rules.filter((rule): rule is ThreatRule => rule.reads === 'threat' && rule.feed === signal.source);
  const seen = asked.filter(({ last }) => last !== true).flatMap((rule) => seenBy(rule, signal));
  const rest = seen.length > 0 ? [] : asked.filter(({ last }) => last === true);
  const written = rules.filter((rule): rule is ThreatRule => rule.reads === 'threat' && rule.feed === 'any');
  return [...seen, ...[...rest, ...written].flatMap((rule) => seenBy(rule, signal))];
};

const seenBy = (rule: ThreatRule, signal: ThreatSignal): Finding[] => {
  const { severity, confidence } = rule;
  const principal = signal.principal !== undefined && isPrincipal(signal.principal) ? signal.principal : undefined;
  return signal.targets.flatMap((target) => {
    const sighting = rule.match(signal, target);
    if (sighting === undefined) return [];
    const because = [...sighting.because, ...signal.facts, ...signal.doubts, ...callerSentence(signal)];
    const claimed = retold(signal, target, { severity, confidence, conclusive: false, ...sighting, because });
    const found = findingOf(rule, signal, withPrincipal(target, principal), claimed);
    return [principal === undefined ? found : { ...found, principal }];
  });
};

/**
 * What another detector says of a call is no second family of evidence next to what our own rules say of that call. So
 * that the two never add up to more than one of them shows, it counts little.
 */
const retold = (signal: ThreatSignal, { namespace }: Target, claimed: Weighed): Weighed => {
  if (signal.retold !== true || namespace === undefined) return claimed;
  const { severity, confidence } = claimed;
  return {
    severity: severityRank(severity) > severityRank(RETOLD.severity) ? RETOLD.severity : severity,
    confidence: Math.min(confidence, RETOLD.confidence),
    conclusive: false,
    because: [...claimed.because, 'the audit log shows the same call, so that this alert alone counts for little'],
  };
};

/** An alert about a whole cluster or project is also about the principal who acted there. */
const withPrincipal = (target: Target, principal: string | undefined): Target => {
  const { namespace, node, instance } = target;
  const whole = namespace === undefined && node === undefined && instance === undefined;
  return whole && principal !== undefined ? { ...target, principal } : target;
};

const callerSentence = ({ principal, callerIp }: ThreatSignal): string[] => [
  ...(principal === undefined ? [] : [`by ${quote(principal, 254)}`]),
  ...(callerIp === undefined ? [] : [`called from ${quote(callerIp, 64)}`]),
];
