import { SEVERITIES, type Severity, severityRank, tierRank } from '../model/ids.ts';
import type { Maximum } from '../model/incident.ts';
import { type Assessment, bandOf, COLUMNS, type Level } from './assess.ts';
import type { Policy } from './policy.ts';

/** How many findings are named; the others are only counted. */
const NAMED = 8;

const byWeight = (a: Maximum, b: Maximum): number =>
  severityRank(b.severity) - severityRank(a.severity) || b.confidence - a.confidence || (a.rule < b.rule ? -1 : 1);

const findingText = ({ rule, severity, confidence, family, conclusive }: Maximum): string =>
  `${rule} ${severity} ${confidence.toFixed(2)} (${family}${conclusive ? ', conclusive' : ''})`;

/** The beginning of the sentence after the reasons proper: from there on, a decision says how it was computed. */
export const SEEN = 'seen: ';

const seen = (maxima: readonly Maximum[]): string[] => {
  const sorted = maxima.toSorted(byWeight);
  const more = sorted.length > NAMED ? `, and ${sorted.length - NAMED} more` : '';
  return sorted.length === 0 ? [] : [`${SEEN}${sorted.slice(0, NAMED).map(findingText).join(', ')}${more}`];
};

const product = ({ severity, confidence, families }: Level): string[] => {
  if (families.size < 2) return [];
  const doubts = [...families.values()].toSorted((a, b) => b - a).map((c) => `(1 - ${c.toFixed(2)})`);
  return [
    `confidence ${confidence.toFixed(2)} of ${severity} and above is 1 - ${doubts.join(' x ')}, from the best finding of each family`,
  ];
};

const otherText = (matrix: Policy['matrix'], { severity, confidence, tier }: Level): string => {
  const chosen = matrix[severity][bandOf(confidence)];
  return `${severity} and above with confidence ${confidence.toFixed(2)} gives ${tier}${chosen === tier ? '' : `, since one family of evidence alone is not enough for ${chosen}`}`;
};

const nextSeverity = (severity: Severity): Severity | undefined => SEVERITIES[severityRank(severity) + 1];

/** What would have raised the tier: another family, more confidence, more severity. */
const raising = (matrix: Policy['matrix'], level: Level): string[] => {
  const band = bandOf(level.confidence);
  const chosen = matrix[level.severity][band];
  const isMore = (tier: Level['tier']): boolean => tierRank(tier) > tierRank(level.tier);
  if (isMore(chosen))
    return [`a second family of evidence, or something conclusive, would make it ${chosen} in the matrix`];
  const surer = COLUMNS.findIndex((_, n) => n > band && isMore(matrix[level.severity][n] ?? 'observe'));
  const higher = nextSeverity(level.severity);
  const worse = higher === undefined ? undefined : matrix[higher][band];
  return [
    ...(surer < 0
      ? []
      : [
          `at confidence ${COLUMNS[surer]?.toFixed(2)} or more it would be ${matrix[level.severity][surer]} in the matrix`,
        ]),
    ...(worse === undefined || !isMore(worse)
      ? []
      : [`${higher} evidence with this confidence would be ${worse} in the matrix`]),
  ];
};

/**
 * Explains how the evidence led to its tier, in addition to the sentences of the assessment: the findings by rule, how
 * the confidence was computed, what the other levels give, and what would have raised the tier.
 */
export const explain = (
  matrix: Policy['matrix'],
  maxima: readonly Maximum[],
  { levels, deciding }: Pick<Assessment, 'levels' | 'deciding'>,
): string[] =>
  deciding === undefined
    ? []
    : [
        ...seen(maxima),
        ...product(deciding),
        ...levels
          .filter(({ confidence }) => confidence !== deciding.confidence)
          .map((level) => otherText(matrix, level)),
        ...raising(matrix, deciding),
      ];
