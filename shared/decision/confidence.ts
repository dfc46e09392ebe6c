import { type Family, higherTier, SEVERITIES, type Severity, severityRank, type Tier, tierRank } from '../model/ids.ts';
import type { Maximum } from '../model/incident.ts';
import { toldOfBoth } from '../told-once.ts';
import type { Policy } from './policy.ts';

/** Summary of the evidence at one severity level or above. */
export type Level = {
  severity: Severity;
  confidence: number;
  /** Families with evidence at this level or above, and the best confidence of each. */
  families: ReadonlyMap<Family, number>;
  conclusive: boolean;
  /** The tier of the matrix, lowered if a single family is not enough for it. */
  tier: Tier;
};

/** Summary of all evidence: severity and confidence of the highest level, the tier of the deciding level, and why. */
export type Assessment = {
  severity: Severity | null;
  confidence: number | null;
  tier: Tier;
  because: string[];
  /** The levels that have evidence, lowest first, and the one that decides. */
  levels: Level[];
  deciding: Level | undefined;
};

/** The column of the matrix: below 0.5, from 0.5, from 0.75, from 0.9. */
export const bandOf = (confidence: number): 0 | 1 | 2 | 3 =>
  confidence >= 0.9 ? 3 : confidence >= 0.75 ? 2 : confidence >= 0.5 ? 1 : 0;

/** Sorted and rounded to a millionth, so that the order of a product never moves a value across a band's edge. */
const combined = (confidences: Iterable<number>): number => {
  const doubt = [...confidences].toSorted((a, b) => a - b).reduce((product, c) => product * (1 - c), 1);
  return Math.round((1 - doubt) * 1e6) / 1e6;
};

const levelOf = (matrix: Policy['matrix'], severity: Severity, maxima: readonly Maximum[]): Level => {
  const members = maxima.filter((m) => severityRank(m.severity) >= severityRank(severity));
  const families = new Map<Family, number>();
  for (const { family, confidence } of members) families.set(family, Math.max(confidence, families.get(family) ?? 0));
  const confidence = combined(families.values());
  const conclusive = members.some((m) => m.conclusive);
  const chosen = members.length === 0 ? 'observe' : matrix[severity][bandOf(confidence)];
  const lowered = families.size < 2 && !conclusive && tierRank(chosen) > tierRank('snapshot');
  return { severity, confidence, families, conclusive, tier: lowered ? 'snapshot' : chosen };
};

const sentencesOf = (matrix: Policy['matrix'], level: Level): string[] => {
  const evidence = [...level.families].map(([family, confidence]) => `${family} ${confidence.toFixed(2)}`).sort();
  const chosen = matrix[level.severity][bandOf(level.confidence)];
  const [family] = level.families.keys();
  const single = level.families.size < 2 && tierRank(chosen) > tierRank('snapshot');
  return [
    `${level.severity} with confidence ${level.confidence.toFixed(2)} (${evidence.join(', ')}) is ${chosen} in the matrix`,
    ...(single && level.conclusive ? [`the evidence is conclusive, so one family is enough`] : []),
    ...(single && !level.conclusive
      ? [`${family} is the only family of evidence and nothing is conclusive: at most snapshot`]
      : []),
  ];
};

/**
 * Severity, confidence and tier of the evidence. For each level, confidence is 1 - product(1 - c) over the best finding
 * of each family at that level or above; the tier is the highest over the levels. More evidence, more severity or more
 * confidence never gives less, and the order of findings does not matter. The last result is remembered, because
 * judging one incident asks for it several times: for the severity, the tier and the reasons.
 */
export const assess = toldOfBoth((matrix: Policy['matrix'], maxima: readonly Maximum[]): Assessment => {
  const levels = SEVERITIES.map((severity) => levelOf(matrix, severity, maxima)).filter((l) => l.families.size > 0);
  const top = levels.at(-1);
  if (top === undefined)
    return {
      severity: null,
      confidence: null,
      tier: 'observe',
      because: ['there is no finding'],
      levels,
      deciding: top,
    };
  const tier = levels.reduce<Tier>((best, l) => higherTier(best, l.tier), 'observe');
  const deciding = levels.findLast((l) => l.tier === tier) ?? top;
  const because = sentencesOf(matrix, deciding);
  return { severity: top.severity, confidence: top.confidence, tier, because, levels, deciding };
});
