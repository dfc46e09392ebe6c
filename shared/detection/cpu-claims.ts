import { CPU_SHAPES, type CpuContext, type CpuOpened, type CpuShape } from '../model/cpu-signal.ts';
import { type Severity, severityRank } from '../model/ids.ts';

/** How much CPU use is worth as evidence. */
type Claim = { severity: Severity; confidence: number };

/**
 * What CPU use of one shape alone is worth. These are estimates, and deliberately low. Miners run flat: on all of their
 * threads by default, and on 70, 75 or 90 % of them where they hide, after three or four seconds of building up. But
 * batch jobs, training and load tests run flat too, and no published source gives numbers that tell them apart. Only a
 * flat hour at the limit says enough to keep evidence (`medium` 0.5 is `snapshot` in the shipped matrix); a busy
 * quarter of an hour is only watched.
 */
export const CPU_CLAIMS: Readonly<Record<CpuShape, Claim & { says: string }>> = {
  threshold: { severity: 'low', confidence: 0.2, says: 'is above a threshold; it is not known whether it is flat' },
  plateau: { severity: 'low', confidence: 0.25, says: 'has been flat for 15 minutes, like that of a miner' },
  'strong-plateau': {
    severity: 'low',
    confidence: 0.35,
    says: 'has been flat at 90 % or more for 15 minutes, like that of a miner',
  },
  'plateau-hour': { severity: 'low', confidence: 0.45, says: 'has been flat for an hour, like that of a miner' },
  'strong-plateau-hour': {
    severity: 'medium',
    confidence: 0.5,
    says: 'has been flat at 90 % or more for an hour, like that of a miner',
  },
};

/** What any shape is worth where honest work explains it: a Job, for example, is there to use all it gets. */
export const HONEST = { severity: 'low', confidence: 0.2 } as const satisfies Claim;

/** The most that a policy's statement is worth where the series that should confirm it could not be read. */
const UNREAD = { severity: 'low', confidence: 0.35 } as const satisfies Claim;

/**
 * What a flat course is worth, by the circumstance that makes it stand out. `from`: the weakest shape to which this
 * applies.
 */
const TELLING: Readonly<Record<CpuContext['telling'][number]['what'], Claim & { from: CpuShape }>> = {
  new: { severity: 'medium', confidence: 0.6, from: 'plateau' },
  'outside-pods': { severity: 'medium', confidence: 0.6, from: 'plateau' },
  alone: { severity: 'medium', confidence: 0.55, from: 'strong-plateau' },
};

/** The most that CPU use alone is ever worth. */
export const MOST: Claim = TELLING.new;

/** The rank of a shape: 0 for a threshold, rising. */
const rankOf = (shape: CpuShape): number => CPU_SHAPES.indexOf(shape);

/**
 * The shape of a signal's CPU use: the shape of the series where it was read, else the shape that the policy claims to
 * test.
 */
export const shownShape = ({ shape, context }: CpuOpened): CpuShape =>
  context !== undefined && 'shape' in context.series ? context.series.shape : shape;

/** What the CPU use of a signal is worth by itself. */
export const claimOn = (signal: CpuOpened): Claim => {
  const { context } = signal;
  const shape = shownShape(signal);
  if (context === undefined) return CPU_CLAIMS[shape];
  if (context.honest.length > 0) return HONEST;
  const claims: Claim[] = [CPU_CLAIMS[shape]];
  for (const { what } of context.telling) {
    const { from, ...claim } = TELLING[what];
    if (rankOf(shape) >= rankOf(from)) claims.push(claim);
  }
  const [most = HONEST] = claims.toSorted((a, b) => weightOf(b) - weightOf(a));
  return 'unread' in context.series && weightOf(most) > weightOf(UNREAD) ? UNREAD : most;
};

const weightOf = ({ severity, confidence }: Claim): number => severityRank(severity) + confidence;
