import type { Course, CpuOpened } from '../../model/cpu-signal.ts';
import { quote } from '../../text.ts';
import { CPU_CLAIMS, claimOn, HONEST, MOST, shownShape } from '../cpu-claims.ts';
import { queryOf } from '../plateau-shapes.ts';
import type { CpuRule } from '../rule.ts';

const JOBS = ['Job', 'CronJob'];
const METRIC = 'kubernetes.io/container/cpu/limit_utilization';

/** Processors busy for long, as reported by Cloud Monitoring. Alone it never leads above `snapshot`. */
export const sustainedHighCpu: CpuRule = {
  id: 'sustained-high-cpu',
  reads: 'cpu',
  title: 'Sustained high CPU use',
  sees: 'An open incident of a Cloud Monitoring alerting policy on the CPU use of a container, a node or a VM. The rule reads the series around it. The confidence depends on how flat the series is, whether the workload is new, whether its replicas behave alike, and whether it is work that is expected to be busy (0.20). Where the series cannot be read, the label firebreak-cpu-shape of the policy is trusted up to 0.35.',
  why: 'A miner uses all CPU that it gets, evenly and without end. So do legitimate programs, so this adds weight to other evidence and alone never leads above snapshot.',
  technique: [{ id: 'T1496.001', name: 'Resource Hijacking: Compute Hijacking' }],
  severity: MOST.severity,
  confidence: MOST.confidence,
  family: 'cpu',
  conclusive: false,
  falsePositives: [
    'Batch jobs, training, builds, video transcoding and load tests that are not recognized as such',
    'Replicas that rise together with their load, where only one can be read',
    'A thread in an endless loop',
    'Virus and vulnerability scanners',
  ],
  query: queryOf('strong-plateau-hour', METRIC) ?? '',
  example: 'The CPU use of pod shop/cart-7d9f is at 97 to 99 % of its limit for 60 minutes',
  match: (signal) => {
    const ofJob = signal.context === undefined && JOBS.includes(signal.controller?.kind ?? '');
    return {
      ...(ofJob ? HONEST : claimOn(signal)),
      because: [
        seriesSentence(signal),
        ...batchSentence(signal, ofJob),
        ...contextSentences(signal),
        policySentence(signal),
      ],
    };
  },
};

/** What the series shows or, where it was not read, what the policy claims and the sample that the incident carries. */
const seriesSentence = (signal: CpuOpened): string => {
  const { observed, threshold, context } = signal;
  const { says } = CPU_CLAIMS[shownShape(signal)];
  if (context !== undefined && 'course' in context.series)
    return shownShape(signal) === 'threshold'
      ? `its CPU use is not flat like that of a miner: ${courseText(context.series.course)}`
      : `its CPU use ${says}: ${courseText(context.series.course)}`;
  const sample =
    observed === undefined
      ? ''
      : `: ${shown(observed)}${threshold === undefined ? '' : `, with ${shown(threshold)} as the threshold`}`;
  return `its CPU use ${says}${sample}`;
};

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

const courseText = ({ mean, minutes, variation, spread }: Course): string =>
  `${percent(mean)} on average over ${minutes} minutes, with a variation of ${percent(variation)} of that; nine tenths of the samples are within ${percent(spread)}`;

const shown = (value: number): string => String(Math.round(value * 1000) / 1000);

const batchSentence = ({ controller }: CpuOpened, ofJob: boolean): string[] =>
  ofJob && controller !== undefined
    ? [`it belongs to ${controller.kind} ${quote(controller.name, 253)}, which is meant to use all CPU that it gets`]
    : [];

const contextSentences = ({ context, shape }: CpuOpened): string[] => {
  if (context === undefined) return [];
  const { series, honest, telling, notes } = context;
  return [
    ...('unread' in series ? [`the series itself was not read, so this counts for little: ${series.unread}`] : []),
    ...('shape' in series && shape !== 'threshold' && series.shape !== shape
      ? [`the alerting policy says ${shape}, but the series shows ${series.shape}`]
      : []),
    ...honest,
    ...telling.map(({ says }) => says),
    ...notes,
  ];
};

const policySentence = ({ policy, incident, metric }: CpuOpened): string =>
  `alerting policy ${quote(policy)}, incident ${quote(incident, 80)}, by ${quote(metric, 160)}`;
