import type { CpuOpened } from '../../model/cpu-signal.ts';
import { quote } from '../../text.ts';
import { CPU_CLAIMS, IN_A_JOB, queryOf } from '../cpu-claims.ts';
import type { CpuRule } from '../rule.ts';

const JOBS = ['Job', 'CronJob'];
const METRIC = 'kubernetes.io/container/cpu/limit_utilization';

/** Processors in use for long, as Cloud Monitoring tells of it. Alone it never leads above `snapshot`. */
export const sustainedHighCpu: CpuRule = {
  id: 'sustained-high-cpu',
  reads: 'cpu',
  title: 'Processors busy for long',
  sees: 'An open incident of a Cloud Monitoring alerting policy on the CPU use of a container, a node or a VM. How much it says depends on the shape that the policy tests, which the policy tells by its label firebreak-cpu-shape; without the label it is a plain threshold.',
  why: 'A miner uses what it gets, evenly and without end. So do honest programs, so this weighs with other evidence and never leads above snapshot alone.',
  technique: [{ id: 'T1496.001', name: 'Resource Hijacking: Compute Hijacking' }],
  severity: CPU_CLAIMS['strong-plateau-hour'].severity,
  confidence: CPU_CLAIMS['strong-plateau-hour'].confidence,
  family: 'cpu',
  conclusive: false,
  falsePositives: [
    'Batch jobs, training, builds, video transcoding and load tests',
    'Replicas that rise together with their load',
    'Start-up and garbage collection of a runtime',
    'Scanners for viruses and vulnerabilities',
  ],
  query: queryOf('strong-plateau-hour', METRIC) ?? '',
  example: 'The CPU use of pod shop/cart-7d9f is at 97 to 99 % of its limit for 60 minutes',
  match: (signal) => {
    const claim = CPU_CLAIMS[signal.shape];
    const ofJob = JOBS.includes(signal.controller?.kind ?? '');
    const { severity, confidence } = ofJob ? IN_A_JOB : claim;
    return {
      severity,
      confidence,
      because: [
        `its CPU use ${claim.says}${measured(signal)}`,
        ...batchSentence(signal, ofJob),
        policySentence(signal),
      ],
    };
  },
};

const measured = ({ observed, threshold }: CpuOpened): string =>
  observed === undefined
    ? ''
    : `: ${shown(observed)}${threshold === undefined ? '' : `, with ${shown(threshold)} as the threshold`}`;

const shown = (value: number): string => String(Math.round(value * 1000) / 1000);

const batchSentence = ({ controller }: CpuOpened, ofJob: boolean): string[] =>
  ofJob && controller !== undefined
    ? [`it belongs to ${controller.kind} ${quote(controller.name, 253)}, which is there to use what it gets`]
    : [];

const policySentence = ({ policy, incident, metric }: CpuOpened): string =>
  `alerting policy ${quote(policy)}, incident ${quote(incident, 80)}, by ${quote(metric, 160)}`;
