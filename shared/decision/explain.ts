import { SEVERITIES, type Severity, severityRank, tierRank } from '../model/ids.ts';
import type { Maximum } from '../model/incident.ts';
import { type Assessment, bandOf, type Level } from './confidence.ts';
import type { Policy } from './policy.ts';

/** So many findings are named; the rest is counted. */
const NAMED = 8;
const EDGES = [0, 0.5, 0.75, 0.9] as const;

const byWeight = (a: Maximum, b: Maximum): number =>
  severityRank(b.severity) - severityRank(a.severity) || b.confidence - a.confidence || (a.rule < b.rule ? -1 : 1);

const findingText = ({ rule, severity, confidence, family, conclusive }: Maximum): string =>
  `${rule} ${severity} ${confidence.toFixed(2)} (${family}${conclusive ? ', conclusive' : ''})`;

const seen = (maxima: readonly Maximum[]): string[] => {
  const sorted = maxima.toSorted(byWeight);
  const more = sorted.length > NAMED ? `, and ${sorted.length - NAMED} more` : '';
  return sorted.length === 0 ? [] : [`seen: ${sorted.slice(0, NAMED).map(findingText).join(', ')}${more}`];
};

const product = ({ severity, confidence, families }: Level): string[] => {
  if (families.size < 2) return [];
  const doubts = [...families.values()].toSorted((a, b) => b - a).map((c) => `(1 - ${c.toFixed(2)})`);
  return [
    `confidence ${confidence.toFixed(2)} for ${severity} and above comes from the surest finding of each family: 1 - ${doubts.join(' x ')}`,
  ];
};

const otherText = (matrix: Policy['matrix'], { severity, confidence, tier }: Level): string => {
  const chosen = matrix[severity][bandOf(confidence)];
  return `all evidence of severity ${severity} and above has confidence ${confidence.toFixed(2)} together, which is ${chosen} in the matrix${chosen === tier ? '' : `, but ${tier} while one family alone speaks for it`}`;
};

const nextSeverity = (severity: Severity): Severity | undefined => SEVERITIES[severityRank(severity) + 1];

/** What more evidence would have come to: another family, more confidence, more severity. */
const raising = (matrix: Policy['matrix'], level: Level): string[] => {
  const band = bandOf(level.confidence);
  const chosen = matrix[level.severity][band];
  const isMore = (tier: Level['tier']): boolean => tierRank(tier) > tierRank(level.tier);
  if (isMore(chosen)) return [`a second family of evidence, or something conclusive, would make it ${chosen}`];
  const surer = EDGES.findIndex((_, n) => n > band && isMore(matrix[level.severity][n] ?? 'observe'));
  const higher = nextSeverity(level.severity);
  const worse = higher === undefined ? undefined : matrix[higher][band];
  return [
    ...(surer < 0
      ? []
      : [`with confidence ${EDGES[surer]?.toFixed(2)} or more it would be ${matrix[level.severity][surer]}`]),
    ...(worse === undefined || !isMore(worse) ? [] : [`${higher} evidence with this confidence would be ${worse}`]),
  ];
};

/**
 * How the evidence came to its tier, beside the sentences of the assessment: the findings by rule, how confidence came
 * about, what the other levels give, and what would have raised it.
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
