import type { AuditSignal } from '../model/signal.ts';
import { spaced } from '../text.ts';
import { aboutCall, shownCaller, shownObject } from './claim.ts';
import type { AuditRule, CpuRule, Rule, RuleFacts, ThreatRule } from './rule.ts';
import type { UserRule } from './rules-file.ts';
import { auditFacts, CONDITIONS, cpuFacts, threatFacts } from './signal-facts.ts';
import { reported } from './threat-claims.ts';

/** Turns a rule that people wrote in `config/rules.yaml` into one like our own. It is never conclusive. */
export const userRule = (written: UserRule): Rule => {
  switch (written.reads) {
    case 'audit':
      return auditRule(written);
    case 'threat':
      return threatRule(written);
    case 'cpu':
      return cpuRule(written);
  }
};

const factsOf = ({ id, title, when, because, severity, confidence, family, technique }: UserRule): RuleFacts => ({
  id,
  title,
  sees: `Whatever meets the condition ${spaced(when)}`,
  why: because,
  technique: technique.map((one) => ({ id: one, name: 'as written' })),
  severity,
  confidence,
  family,
  conclusive: false,
  falsePositives: [],
  example: 'known to its author',
});

const auditRule = (written: UserRule): AuditRule => ({
  ...factsOf(written),
  reads: 'audit',
  filter: written.filter ?? '',
  match: (signal, _now, known) => {
    const { holds } = CONDITIONS.audit.evaluate(written.when, auditFacts(signal, known));
    return holds && signal.outcome !== 'failed'
      ? { ...aboutCall(signal), because: [written.because, did(signal)] }
      : undefined;
  },
});

const did = (signal: AuditSignal): string => {
  const verb = signal.call?.verb ?? 'call';
  return `${shownCaller(signal)}: ${verb.slice(0, 32)} ${shownObject(signal)}`;
};

const threatRule = (written: UserRule): ThreatRule => ({
  ...factsOf(written),
  reads: 'threat',
  feed: 'any',
  names: [],
  match: (signal, target) =>
    CONDITIONS.threat.evaluate(written.when, threatFacts(signal, target)).holds
      ? { because: [written.because, reported(signal)] }
      : undefined,
});

const cpuRule = (written: UserRule): CpuRule => ({
  ...factsOf(written),
  reads: 'cpu',
  query: '',
  match: (signal) =>
    CONDITIONS.cpu.evaluate(written.when, cpuFacts(signal)).holds ? { because: [written.because] } : undefined,
});
