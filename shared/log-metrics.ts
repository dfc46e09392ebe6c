import { functionName } from './deployment.ts';

/** A metric that Cloud Logging makes of the lines our functions write. */
export type LogMetric = {
  /** `logging.googleapis.com/user/` and this is its type. */
  name: string;
  description: string;
  /** Which lines: those of one arrow, or those that count something. */
  lines: { arrow: string; state?: string } | { counted: true };
  /** The field whose number is told, as a distribution; without it, lines are counted. */
  value?: { field: string; unit: 'ms' };
  /** Labels, by the path of the field that they are read from. All of them are ours, and there are few of each. */
  labels: Readonly<Record<string, string>>;
};

const OF_FUNCTION = { function: 'function' } as const;

/** What is counted and how long it takes: no line is written for these alone. */
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
    description: 'Entries that steps have left in a journal, by their state and proof',
    lines: { arrow: 'step -> record' },
    labels: { step: 'fields.step', state: 'fields.state', proof: 'fields.proof' },
  },
  {
    name: 'firebreak/step_duration',
    description: 'Duration of the steps that were carried out',
    lines: { arrow: 'step -> record', state: 'applied' },
    value: { field: 'fields.ms', unit: 'ms' },
    labels: { step: 'fields.step' },
  },
  {
    name: 'firebreak/handling_duration',
    description: 'Duration of the messages that were handled',
    lines: { arrow: 'envelope -> acknowledged' },
    value: { field: 'fields.ms', unit: 'ms' },
    labels: { ...OF_FUNCTION, topic: 'fields.topic' },
  },
  {
    name: 'firebreak/redeliveries',
    description: 'Messages that could not be handled and are redelivered, by the kind of error',
    lines: { arrow: 'envelope -> delivered again' },
    labels: { ...OF_FUNCTION, error: 'fields.error' },
  },
  {
    name: 'firebreak/counted',
    description: 'Input that was taken but had no effect, by reason: no message vanishes unseen',
    lines: { counted: true },
    labels: { ...OF_FUNCTION, reason: 'metric' },
  },
];

/** The lines of a metric, as a filter of Cloud Logging. */
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
