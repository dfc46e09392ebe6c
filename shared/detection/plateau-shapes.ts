import type { CpuShape } from '../model/cpu-signal.ts';

/** The limits of a flat course, over samples of one minute, as fractions of 1. */
export type Plateau = {
  shape: Exclude<CpuShape, 'threshold'>;
  minutes: number;
  /** Lowest mean. */
  mean: number;
  /** Highest values: standard deviation divided by the mean; 95th minus 5th percentile; rise or fall in ten minutes. */
  variation: number;
  spread: number;
  slope: number;
  /** Lowest sample, as a share of the mean. */
  dip: number;
};

const FLAT = { mean: 0.6, variation: 0.05, spread: 0.1, slope: 0.02, dip: 0.9 } as const;
const STRONG = { ...FLAT, mean: 0.9, variation: 0.02 } as const;

/** The flat shapes, in the order of CPU_SHAPES. The numbers are estimates: nobody has published any. */
export const PLATEAUS = [
  { shape: 'plateau', minutes: 15, ...FLAT },
  { shape: 'strong-plateau', minutes: 15, ...STRONG },
  { shape: 'plateau-hour', minutes: 60, ...FLAT },
  { shape: 'strong-plateau-hour', minutes: 60, ...STRONG },
] as const satisfies readonly Plateau[];

/** The share of a window's samples that must be there: a gap may hide anything. */
export const COMPLETE = 0.8;

/**
 * Cloud Monitoring shows a sample up to so many minutes after it was taken. A condition looks back from then: a window
 * that reached to the present would have up to so many samples less, would thus be met as many minutes too early, and
 * detect-cryptomining, which reads whole windows, would still see the rise.
 */
export const LATE_MINUTES = 4;

/** The tests of a shape; undefined for a plain threshold. */
const plateauOf = (shape: CpuShape): Plateau | undefined => PLATEAUS.find((one) => one.shape === shape);

/**
 * The condition that tests a shape, in PromQL over a metric whose value is a fraction of 1, such as
 * `kubernetes.io/container/cpu/limit_utilization`; undefined for a plain threshold.
 */
export const queryOf = (shape: CpuShape, metric: string, resource?: string): string | undefined => {
  const plateau = plateauOf(shape);
  if (plateau === undefined) return undefined;
  const of = resource === undefined ? `{"${metric}"}` : `{"${metric}", monitored_resource="${resource}"}`;
  const samples = `${of}[${plateau.minutes}m] offset ${LATE_MINUTES}m`;
  const mean = `avg_over_time(${samples})`;
  return [
    `count_over_time(${samples}) >= ${COMPLETE * plateau.minutes}`,
    `${mean} >= ${plateau.mean}`,
    `stddev_over_time(${samples}) / ${mean} <= ${plateau.variation}`,
    `quantile_over_time(0.95, ${samples}) - quantile_over_time(0.05, ${samples}) <= ${plateau.spread}`,
    // `deriv` is the change per second; ten minutes are 600 seconds.
    `abs(deriv(${samples})) * 600 <= ${plateau.slope}`,
    `min_over_time(${samples}) / ${mean} >= ${plateau.dip}`,
  ].join(' and ');
};
