import type { Finding } from '../model/finding.ts';
import { type Family, type Severity, type SourceId, severityRank } from '../model/ids.ts';
import type { Policy } from './policy.ts';

/**
 * The most that findings of a rule may claim: none of them is conclusive unless the rule is. `reads` and `feed` tell
 * from which sources they may come.
 */
export type RuleClaim = {
  severity: Severity;
  confidence: number;
  family: Family;
  conclusive?: boolean;
  reads: 'audit' | 'history' | 'cpu' | 'threat';
  feed?: string;
};

const AUDIT_LOGS: readonly SourceId[] = ['gke-audit-log', 'admin-audit-log', 'kubernetes-audit'];
const FEEDS: readonly SourceId[] = ['security-command-center', 'falco'];

/** The sources from whose signals a rule can have a finding. */
const sourcesOf = ({ reads, feed }: RuleClaim): readonly string[] => {
  switch (reads) {
    case 'audit':
    case 'history':
      return AUDIT_LOGS;
    case 'cpu':
      return ['monitoring-incident' satisfies SourceId];
    case 'threat':
      return FEEDS.filter((one) => feed === 'any' || feed === one);
  }
};

const above = (
  finding: Finding,
  what: string,
  max: { severity?: Severity | undefined; confidence?: number | undefined },
) => {
  if (max.severity !== undefined && severityRank(finding.severity) > severityRank(max.severity))
    return `severity ${finding.severity} is above the ${max.severity} that ${what} may claim`;
  if (max.confidence !== undefined && finding.confidence > max.confidence)
    return `confidence ${finding.confidence} is above the ${max.confidence} that ${what} may claim`;
  return undefined;
};

/**
 * Why a finding is refused: its rule is unknown, the rule reads no signals of its source, or it claims more than its
 * rule or its source may claim; undefined if it is accepted. So a compromised detector can still raise alarms, but none
 * that is louder than its rules allow.
 */
export const refusalOf = (
  finding: Finding,
  rules: ReadonlyMap<string, RuleClaim>,
  policy: Pick<Policy, 'sources'>,
): string | undefined => {
  const rule = rules.get(finding.rule);
  if (rule === undefined)
    return `rule ${finding.rule} is not known to decide: deploy decide and the detectors together`;
  if (rule.family !== finding.family)
    return `rule ${finding.rule} gives evidence of ${rule.family}, not ${finding.family}`;
  if (rule.conclusive !== true && finding.conclusive === true) return `rule ${finding.rule} is never conclusive`;
  if (!sourcesOf(rule).includes(finding.source))
    return `rule ${finding.rule} reads nothing of source ${finding.source}`;
  const source = Object.hasOwn(policy.sources, finding.source) ? policy.sources[finding.source] : undefined;
  return (
    above(finding, `rule ${finding.rule}`, rule) ??
    (source === undefined ? undefined : above(finding, `source ${finding.source}`, source.max))
  );
};
