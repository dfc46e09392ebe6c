import { type Context, ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, BatchSpanProcessor, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import { sentenceOf } from '../errors.ts';
import type { SpanFacts } from '../spans.ts';
import { plain } from '../text.ts';
import type { TraceContext } from '../trace.ts';
import type { Recorder } from './spans.ts';

export type OtlpOptions = {
  /** URL of an OTLP receiver over HTTP; `/v1/traces` is appended, also if the URL has a path. */
  endpoint: string;
  function: string;
  project: string;
  /** An access token for the receiver; called for every export. */
  token?: () => Promise<string>;
  /** Called if spans could not be sent. */
  failed(because: string): void;
  /** Replaces the exporter, for tests. */
  exporter?: SpanExporter;
};

/** The longest time, in ms, that a receiver without an answer may hold up a delivery. */
const PATIENCE_MS = 2_000;
const MAX_TEXT = 256;

const KINDS = { consumer: SpanKind.CONSUMER, producer: SpanKind.PRODUCER } as const;

const attributesOf = (facts: SpanFacts = {}): Record<string, string | number | boolean> =>
  Object.fromEntries(
    Object.entries(facts).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, typeof value === 'string' ? plain(value, MAX_TEXT) : value]],
    ),
  );

const spanContextOf = (of: TraceContext) => ({ ...of, traceFlags: TraceFlags.SAMPLED, isRemote: true });

const contextOf = (parent: TraceContext | undefined): Context =>
  parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, spanContextOf(parent));

/** Records spans with OpenTelemetry and sends them with OTLP over HTTP, at the latest at the end of each delivery. */
export const makeOtlpRecorder = (options: OtlpOptions): Recorder => {
  const { endpoint, project, token, failed } = options;
  const exporter =
    options.exporter ??
    new OTLPTraceExporter({
      url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
      timeoutMillis: PATIENCE_MS,
      ...(token === undefined
        ? {}
        : // No header names a project to pay: that takes a permission on it, and a service account's own project pays anyway.
          { headers: async () => ({ authorization: `Bearer ${await token()}` }) }),
    });
  const processor = new BatchSpanProcessor({ exporter, exportTimeoutMillis: PATIENCE_MS });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': `firebreak-${options.function}`,
      'gcp.project_id': project,
      'cloud.provider': 'gcp',
    }),
    sampler: new AlwaysOnSampler(),
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer('firebreak');
  return {
    begin: (name, { kind, parent, link, facts, agoMs }) => {
      const span = tracer.startSpan(
        name,
        {
          attributes: attributesOf(facts),
          ...(kind === undefined ? {} : { kind: KINDS[kind] }),
          ...(link === undefined ? {} : { links: [{ context: spanContextOf(link) }] }),
          ...(agoMs === undefined ? {} : { startTime: Date.now() - agoMs }),
        },
        contextOf(parent),
      );
      const { traceId, spanId } = span.spanContext();
      return {
        context: { traceId, spanId },
        event: (what, of) => void span.addEvent(what, attributesOf(of)),
        end: (thrown) => {
          if (thrown !== undefined)
            span.setStatus({ code: SpanStatusCode.ERROR, message: plain(sentenceOf(thrown), MAX_TEXT) });
          span.end();
        },
      };
    },
    flush: async () => {
      try {
        await provider.forceFlush();
      } catch (thrown) {
        failed(plain(sentenceOf(thrown), MAX_TEXT));
      }
    },
  };
};
