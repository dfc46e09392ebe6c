import type { Finding } from '../model/finding.ts';
import { type Family, type Severity, severityRank } from '../model/ids.ts';
import type { Policy } from './policy.ts';

/**
 * The most that findings of a rule may claim. `conclusive: false`: none of them may be conclusive. `feed`: the only source
 * that the rule reads; `any` or none: it may read several.
 */
export type RuleClaim = { severity: Severity; confidence: number; family: Family; conclusive?: boolean; feed?: string };

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
 * Why a finding is refused: its rule is unknown, or it claims more than its rule or its source may claim; undefined if
 * it is accepted. So a compromised detector can still raise alarms, but none that is louder than its rules allow.
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
  if (rule.conclusive === false && finding.conclusive === true) return `rule ${finding.rule} is never conclusive`;
  // Each source may have a limit of its own: a finding must not get around it by another name.
  if (rule.feed !== undefined && rule.feed !== 'any' && rule.feed !== finding.source)
    return `rule ${finding.rule} reads alerts of ${rule.feed}, not of ${finding.source}`;
  const source = Object.hasOwn(policy.sources, finding.source) ? policy.sources[finding.source] : undefined;
  return (
    above(finding, `rule ${finding.rule}`, rule) ??
    (source === undefined ? undefined : above(finding, `source ${finding.source}`, source.max))
  );
};
