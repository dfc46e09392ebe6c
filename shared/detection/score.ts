import { type Family, SEVERITIES, type Severity, severityRank } from '../model/ids.ts';
import type { Maximum } from '../model/incident.ts';

/** What the findings of one severity level or above say together. */
export type Score = {
  severity: Severity;
  /** From 0 to 1, in millionths. */
  confidence: number;
  /** Families with evidence at this level or above, and the best confidence of each. */
  families: ReadonlyMap<Family, number>;
  /** Whether one of these findings is conclusive, so that one family of evidence is enough. */
  conclusive: boolean;
};

/** Sorted and rounded to a millionth, so that the order of a product never moves a value across a band's edge. */
const combined = (confidences: Iterable<number>): number => {
  const doubt = [...confidences].toSorted((a, b) => a - b).reduce((product, c) => product * (1 - c), 1);
  return Math.round((1 - doubt) * 1e6) / 1e6;
};

const scoreAt = (severity: Severity, maxima: readonly Maximum[]): Score => {
  const members = maxima.filter((m) => severityRank(m.severity) >= severityRank(severity));
  const families = new Map<Family, number>();
  for (const { family, confidence } of members) families.set(family, Math.max(confidence, families.get(family) ?? 0));
  return {
    severity,
    confidence: combined(families.values()),
    families,
    conclusive: members.some((m) => m.conclusive),
  };
};

/**
 * The score of each severity level that has evidence, lowest first. Confidence is 1 - product(1 - c) over the best
 * finding of each family at that level or above. More evidence, more severity or more confidence never gives less, and
 * the order of findings does not matter.
 */
export const scoresOf = (maxima: readonly Maximum[]): Score[] =>
  SEVERITIES.map((severity) => scoreAt(severity, maxima)).filter(({ families }) => families.size > 0);
