import { functionName } from './deployment.ts';

/** A metric that Cloud Logging makes from the log lines of our functions. */
export type LogMetric = {
  /** The type of the metric is `logging.googleapis.com/user/` followed by this name. */
  name: string;
  description: string;
  /** The log lines of the metric: those with this arrow, or those that count something. */
  lines: { arrow: string; state?: string } | { counted: true };
  /** The numeric field of which the metric is a distribution; without it, the metric counts lines. */
  value?: { field: string; unit: 'ms' };
  /** Labels, each with the path of its field. Only our own code makes the values, and each label has few of them. */
  labels: Readonly<Record<string, string>>;
};

const OF_FUNCTION = { function: 'function' } as const;

/** The metrics of counts and durations. They use log lines that the functions write anyway. */
export const LOG_METRICS: readonly LogMetric[] = [
  {
    name: 'firebreak/findings',
    description: 'Findings that detectors have published',
    lines: { arrow: 'signal -> finding' },
    labels: { rule: 'fields.rule', severity: 'fields.severity' },
  },
  {
    name: 'firebreak/decisions',
    description: 'Findings that were merged into an incident, by decision',
    lines: { arrow: 'finding -> incident' },
    labels: { verdict: 'fields.verdict' },
  },
  {
    name: 'firebreak/steps',
    description: 'Journal entries of steps, by state and proof',
    lines: { arrow: 'step -> record' },
    labels: { step: 'fields.step', state: 'fields.state', proof: 'fields.proof' },
  },
  {
    name: 'firebreak/step_duration',
    description: 'Duration of steps that were carried out',
    lines: { arrow: 'step -> record', state: 'applied' },
    value: { field: 'fields.ms', unit: 'ms' },
    labels: { step: 'fields.step' },
  },
  {
    name: 'firebreak/handling_duration',
    description: 'Duration of handling a message',
    lines: { arrow: 'envelope -> acknowledged' },
    value: { field: 'fields.ms', unit: 'ms' },
    labels: { ...OF_FUNCTION, topic: 'fields.topic' },
  },
  {
    name: 'firebreak/redeliveries',
    description: 'Messages that could not be handled and are delivered again, by the kind of error',
    lines: { arrow: 'envelope -> delivered again' },
    labels: { ...OF_FUNCTION, error: 'fields.error' },
  },
  {
    name: 'firebreak/counted',
    description: 'Messages and events that were accepted and had no effect, by reason',
    lines: { counted: true },
    labels: { ...OF_FUNCTION, reason: 'metric' },
  },
];

/** The filter of Cloud Logging for the lines of a metric. */
export const filterOfMetric = ({ lines }: LogMetric): string =>
  [
    'resource.type="cloud_run_revision"',
    `resource.labels.service_name=~"^${functionName('')}"`,
    ...('counted' in lines
      ? ['jsonPayload.metric:*', 'jsonPayload.count=1']
      : [
          `jsonPayload.arrow="${lines.arrow}"`,
          ...(lines.state === undefined ? [] : [`jsonPayload.fields.state="${lines.state}"`]),
        ]),
  ].join('\nAND ');
