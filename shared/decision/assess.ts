import { type Score, scoresOf } from '../detection/score.ts';
import { higherTier, type Severity, type Tier, tierRank } from '../model/ids.ts';
import type { Maximum } from '../model/incident.ts';
import { toldOfBoth } from '../told-once.ts';
import type { Policy } from './policy.ts';

/** The score of one severity level or above, with the tier of the matrix, lowered if one family is not enough for it. */
export type Level = Score & { tier: Tier };

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

/** The lowest confidence of each column of the matrix. */
export const COLUMNS = [0, 0.5, 0.75, 0.9] as const;

/** The column of the matrix for a confidence. */
export const bandOf = (confidence: number): 0 | 1 | 2 | 3 =>
  confidence >= COLUMNS[3] ? 3 : confidence >= COLUMNS[2] ? 2 : confidence >= COLUMNS[1] ? 1 : 0;

/** The tier of the matrix, and whether it needs more than one family of evidence that is not conclusive. */
const chosenBy = (matrix: Policy['matrix'], { severity, confidence, families }: Score): [Tier, boolean] => {
  const chosen = matrix[severity][bandOf(confidence)];
  return [chosen, families.size < 2 && tierRank(chosen) > tierRank('snapshot')];
};

const levelOf = (matrix: Policy['matrix'], score: Score): Level => {
  const [chosen, isAlone] = chosenBy(matrix, score);
  return { ...score, tier: isAlone && !score.conclusive ? 'snapshot' : chosen };
};

const sentencesOf = (matrix: Policy['matrix'], level: Level): string[] => {
  const evidence = [...level.families].map(([family, confidence]) => `${family} ${confidence.toFixed(2)}`).sort();
  const [chosen, isAlone] = chosenBy(matrix, level);
  const [family] = level.families.keys();
  return [
    `${level.severity} with confidence ${level.confidence.toFixed(2)} (${evidence.join(', ')}) is ${chosen} in the matrix`,
    ...(isAlone && level.conclusive ? [`the evidence is conclusive, so one family is enough`] : []),
    ...(isAlone && !level.conclusive
      ? [`${family} is the only family of evidence and nothing is conclusive: at most snapshot`]
      : []),
  ];
};

/**
 * Severity, confidence and tier of the evidence: the tier is the highest over the levels. The last result is
 * remembered, because judging one incident asks for it several times: for the severity, the tier and the reasons.
 */
export const assess = toldOfBoth((matrix: Policy['matrix'], maxima: readonly Maximum[]): Assessment => {
  const levels = scoresOf(maxima).map((score) => levelOf(matrix, score));
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
