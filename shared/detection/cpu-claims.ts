import type { CpuShape } from '../model/cpu-signal.ts';
import type { Severity } from '../model/ids.ts';

/** What a condition over samples of one minute tests, as fractions of 1. `variation`: standard deviation by mean. */
type Test = { minutes: number; mean: number; variation: number };

/** What CPU use of one shape is worth, and how an alerting policy knows the shape. */
type CpuClaim = { severity: Severity; confidence: number; says: string; test?: Test };

/**
 * What CPU use alone is worth. These are estimates, and low on purpose. Miners run flat: at all of their threads by
 * default, and at 70, 75 or 90 % of them where they hide, after three or four seconds of building up. So do batch jobs,
 * training and load tests, though, and no published source gives numbers that tell them apart. Only a flat hour at the
 * limit says enough to keep evidence (`medium` 0.5 is `snapshot` in the shipped matrix); a busy quarter of an hour is
 * watched.
 */
export const CPU_CLAIMS: Readonly<Record<CpuShape, CpuClaim>> = {
  threshold: { severity: 'low', confidence: 0.2, says: 'is above a threshold; whether it is flat is not known' },
  plateau: {
    severity: 'low',
    confidence: 0.25,
    says: 'has been flat for 15 minutes, as a miner keeps it',
    test: { minutes: 15, mean: 0.6, variation: 0.05 },
  },
  'strong-plateau': {
    severity: 'low',
    confidence: 0.35,
    says: 'has been flat at 90 % or more for 15 minutes, as a miner keeps it',
    test: { minutes: 15, mean: 0.9, variation: 0.02 },
  },
  'strong-plateau-hour': {
    severity: 'medium',
    confidence: 0.5,
    says: 'has been flat at 90 % or more for an hour, as a miner keeps it',
    test: { minutes: 60, mean: 0.9, variation: 0.02 },
  },
};

/** What the same shape is worth where a Job is at work: to use what it gets is what a Job is for. */
export const IN_A_JOB = { severity: 'low', confidence: 0.2 } as const satisfies Partial<CpuClaim>;

/**
 * The condition that tests a shape, in PromQL over a metric whose value is a fraction of 1, such as
 * `kubernetes.io/container/cpu/limit_utilization`; undefined for a plain threshold.
 */
export const queryOf = (shape: CpuShape, metric: string): string | undefined => {
  const { test } = CPU_CLAIMS[shape];
  if (test === undefined) return undefined;
  const samples = `{"${metric}"}[${test.minutes}m]`;
  const mean = `avg_over_time(${samples})`;
  return `${mean} >= ${test.mean} and stddev_over_time(${samples}) / ${mean} <= ${test.variation}`;
};
