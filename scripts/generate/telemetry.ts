import { COUNTED } from '../../shared/counted.ts';
import { filterOfMetric, LOG_METRICS, type LogMetric } from '../../shared/log-metrics.ts';
import { type Files, GENERATED_NOTE, jsonFile, markdownTable } from './files.ts';

const extract = (path: string): string => `EXTRACT(jsonPayload.${path})`;

/** A metric in the form of Terraform's `google_logging_metric`. */
const metric = (of: LogMetric) => ({
  description: of.description,
  filter: filterOfMetric(of),
  value: of.value === undefined ? null : extract(of.value.field),
  unit: of.value?.unit ?? '1',
  labels: Object.fromEntries(Object.entries(of.labels).map(([key, path]) => [key, extract(path)])),
});

type Tile = {
  title: string;
  /** The metric with its resource, as a filter of Cloud Monitoring. */
  filter: string;
  by: readonly string[];
  show: 'count' | 'p95' | 'most';
};

const ofFunctions = (name: string): string =>
  `resource.type="cloud_run_revision" AND metric.type="logging.googleapis.com/user/firebreak/${name}"`;
const ofSubscriptions = (name: string): string =>
  `resource.type="pubsub_subscription" AND resource.label."subscription_id"=starts_with("firebreak-") AND metric.type="pubsub.googleapis.com/subscription/${name}"`;
const label = (name: string): string => `metric.label."${name}"`;
const SUBSCRIPTION = ['resource.label."subscription_id"'];

/** The charts of the dashboard, most important first, two in a row. */
const TILES: readonly Tile[] = [
  { title: 'Findings, by severity', filter: ofFunctions('findings'), by: [label('severity')], show: 'count' },
  { title: 'Findings, by rule', filter: ofFunctions('findings'), by: [label('rule')], show: 'count' },
  { title: 'Decisions, by verdict', filter: ofFunctions('decisions'), by: [label('verdict')], show: 'count' },
  { title: 'Steps, by state', filter: ofFunctions('steps'), by: [label('state')], show: 'count' },
  { title: 'Steps, by proof', filter: ofFunctions('steps'), by: [label('step'), label('proof')], show: 'count' },
  { title: 'Steps: ms, 95 of 100', filter: ofFunctions('step_duration'), by: [label('step')], show: 'p95' },
  { title: 'Messages: ms, 95 of 100', filter: ofFunctions('handling_duration'), by: [label('function')], show: 'p95' },
  {
    title: 'Redelivered messages',
    filter: ofFunctions('redeliveries'),
    by: [label('function'), label('error')],
    show: 'count',
  },
  { title: 'Taken without effect', filter: ofFunctions('counted'), by: [label('reason')], show: 'count' },
  { title: 'Messages given up', filter: ofSubscriptions('dead_letter_message_count'), by: SUBSCRIPTION, show: 'count' },
  {
    title: 'Oldest waiting message: s',
    filter: ofSubscriptions('oldest_unacked_message_age'),
    by: SUBSCRIPTION,
    show: 'most',
  },
];

const SHOWN = {
  count: { perSeriesAligner: 'ALIGN_DELTA', crossSeriesReducer: 'REDUCE_SUM' },
  p95: { perSeriesAligner: 'ALIGN_DELTA', crossSeriesReducer: 'REDUCE_PERCENTILE_95' },
  most: { perSeriesAligner: 'ALIGN_MAX', crossSeriesReducer: 'REDUCE_MAX' },
} as const;

const chart = ({ title, filter, by, show }: Tile) => ({
  title,
  xyChart: {
    dataSets: [
      {
        plotType: show === 'count' ? 'STACKED_BAR' : 'LINE',
        targetAxis: 'Y1',
        minAlignmentPeriod: '60s',
        timeSeriesQuery: {
          timeSeriesFilter: { filter, aggregation: { alignmentPeriod: '300s', ...SHOWN[show], groupByFields: by } },
        },
      },
    ],
    yAxis: { scale: 'LINEAR' },
  },
});

const WIDTH = 24;
const HEIGHT = 16;

const dashboard = () => ({
  displayName: 'Firebreak',
  mosaicLayout: {
    columns: 2 * WIDTH,
    tiles: TILES.map(chart).map((widget, n) => ({
      xPos: (n % 2) * WIDTH,
      yPos: Math.floor(n / 2) * HEIGHT,
      width: WIDTH,
      height: HEIGHT,
      widget,
    })),
  },
});

const linesOf = (of: LogMetric): string => ('counted' in of.lines ? 'lines with `count`' : `\`${of.lines.arrow}\``);

const page = (): string =>
  [
    GENERATED_NOTE,
    '',
    '# Traces and metrics',
    '',
    '## Traces',
    '',
    'Each function passes on its trace in the attribute `traceparent` of its messages, and an incident keeps the trace that opened it.',
    'The alert, the detector, the decision, every step and the notices are therefore in one trace. Every line of the log carries the',
    'trace, so that Logs Explorer shows an incident by `trace="projects/PROJECT/traces/ID"`.',
    '',
    'If `FIREBREAK_OTLP_ENDPOINT` (or `OTEL_EXPORTER_OTLP_ENDPOINT`) names a receiver of OTLP over HTTP, spans are sent to it in',
    'protobuf: one for each message sent and received, one for each run of contain, and one for each step. On one machine, this command',
    '',
    '    OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 npx firebreak demo',
    '',
    'gives spans like these (durations of one run, most spans omitted):',
    '',
    '    detect-audit-log  firebreak-audit-log process         487 ms',
    '      detect-audit-log  firebreak-findings send           247 ms',
    '        decide  firebreak-findings process               9756 ms',
    '          decide  firebreak-containment send              178 ms',
    '            contain  firebreak-containment process      20973 ms',
    '          contain  contain                              20917 ms',
    '            contain  step start-snapshots                 121 ms',
    '            contain  step cordon-node                     233 ms',
    '            contain  step quarantine-pod                  238 ms',
    '            contain  step drain-node                      113 ms',
    '            contain  step remove-external-ip              229 ms',
    '            contain  firebreak-notices send                51 ms',
    '              notify  firebreak-notices process            69 ms',
    '',
    'A step that waits has a span for each time that it is checked. A run that the tick woke is in the same trace, with a link to the',
    'message that woke it.',
    '',
    'In a project, set `otlp_endpoint = "https://telemetry.googleapis.com"` in Terraform to see the spans in Cloud Trace; Terraform then',
    'allows each function to write them. Without the setting OpenTelemetry is not loaded at all.',
    '',
    '## Metrics',
    '',
    'Cloud Logging computes the metrics from the log lines of the functions. Terraform creates the metrics and a dashboard over them.',
    '',
    markdownTable(
      ['metric', 'meaning', 'computed from', 'labels'],
      LOG_METRICS.map((one) => [
        `\`${one.name}\``,
        `${one.description}${one.value === undefined ? '' : `, in ${one.value.unit}`}`,
        linesOf(one),
        Object.keys(one.labels).join(', '),
      ]),
    ),
    '',
    '## What is counted',
    '',
    'No message disappears silently: a message that was received and led to nothing leaves a log line with `metric` and `count`. A',
    'duplicate leaves a line too, but is not counted: `finding -> dropped` if a detector published the identical finding less than a minute',
    'ago, `notice -> dropped` if the notice was told already.',
    '',
    markdownTable(
      ['reason', 'meaning'],
      Object.entries(COUNTED).map(([reason, means]) => [`\`${reason}\``, means]),
    ),
    '',
  ].join('\n');

/** The metrics of log lines and the dashboard over them for Terraform, and the page that explains them. */
export const telemetryFiles = (): Files =>
  new Map([
    ['docs/telemetry.md', page()],
    [
      'terraform/generated/metrics.json',
      jsonFile(Object.fromEntries(LOG_METRICS.map((one) => [one.name, metric(one)]))),
    ],
    ['terraform/generated/dashboard.json', jsonFile(dashboard())],
  ]);
