import { createServer } from 'node:http';
import protobuf from 'protobufjs';
import { z } from 'zod';
import { ended, listening } from '../../local/listening.ts';

/** The OTLP messages for spans, as opentelemetry-proto 1.x defines them, without fields that nothing here sends. */
const { root } = protobuf.parse(`
syntax = "proto3";
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
message KeyValue { string key = 1; AnyValue value = 2; }
message Resource { repeated KeyValue attributes = 1; }
message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; }
message Link { bytes trace_id = 1; bytes span_id = 2; }
message Status { string message = 2; int32 code = 3; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9;
  repeated Event events = 11; repeated Link links = 13; Status status = 15;
}
message ScopeSpans { repeated Span spans = 2; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
`);
const REQUEST = root.lookupType('ExportTraceServiceRequest');

const bytes = z.instanceof(Uint8Array).transform((value) => Buffer.from(value).toString('hex'));
const keyValues = z
  .array(z.object({ key: z.string(), value: z.looseObject({}) }))
  .default([])
  .transform((all) => Object.fromEntries(all.map(({ key, value }) => [key, Object.values(value)[0]])));
const long = z.unknown().transform((value) => Number(String(value)) / 1e6);
const span = z.object({
  traceId: bytes,
  spanId: bytes,
  parentSpanId: bytes.optional(),
  name: z.string(),
  kind: z.number().default(0),
  startTimeUnixNano: long,
  endTimeUnixNano: long,
  attributes: keyValues,
  events: z.array(z.object({ name: z.string(), attributes: keyValues })).default([]),
  links: z.array(z.object({ traceId: bytes, spanId: bytes })).default([]),
  status: z.object({ code: z.number().default(0), message: z.string().default('') }).optional(),
});
const request = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: keyValues }),
      scopeSpans: z.array(z.object({ spans: z.array(span) })),
    }),
  ),
});

/** A received span; times in ms since the epoch. */
export type Received = z.infer<typeof span> & { service: string; resource: Record<string, unknown> };

export type OtlpReceiver = {
  url: string;
  spans: Received[];
  headers: Array<Record<string, unknown>>;
  /** Sets how requests are answered from now on: with a status, or for `silent` not at all. */
  answer(how: number | 'silent'): void;
  [Symbol.asyncDispose](): Promise<void>;
};

/** A receiver of OTLP over HTTP in protobuf; it refuses other requests. */
export const startOtlpReceiver = async (): Promise<OtlpReceiver> => {
  const spans: Received[] = [];
  const headers: Array<Record<string, unknown>> = [];
  let how: number | 'silent' = 200;
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      headers.push(incoming.headers);
      if (how === 'silent') return;
      const right = incoming.method === 'POST' && incoming.url === '/v1/traces';
      if (!right || incoming.headers['content-type'] !== 'application/x-protobuf') {
        response.writeHead(right ? 415 : 404).end();
        return;
      }
      if (how === 200) {
        const decoded = REQUEST.toObject(REQUEST.decode(Buffer.concat(chunks)), { longs: String });
        for (const { resource, scopeSpans } of request.parse(decoded).resourceSpans)
          for (const one of scopeSpans.flatMap((scope) => scope.spans))
            spans.push({ ...one, service: String(resource.attributes['service.name']), resource: resource.attributes });
      }
      response.writeHead(how, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  return {
    url: `http://127.0.0.1:${await listening(server)}`,
    spans,
    headers,
    answer: (next) => {
      how = next;
    },
    [Symbol.asyncDispose]: () => ended(server),
  };
};
