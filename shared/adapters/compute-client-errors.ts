import { z } from 'zod';
import { ComputeFailure } from './compute-failure.ts';

/** The client library's (7.x) error: a gRPC `code` mapped from HTTP, and the HTTP status if there was a reply. */
const thrownShape = z.looseObject({
  message: z.string().default(''),
  httpStatusCode: z.number().optional().catch(undefined),
  reason: z.string().optional().catch(undefined),
});

const bodyShape = z.object({
  error: z.object({
    code: z.number().optional(),
    message: z.string().optional(),
    status: z.string().optional(),
    errors: z.array(z.looseObject({ reason: z.string().optional() })).optional(),
  }),
});

/** The registered symbol under which the library keeps the body of a refused call. */
const PAYLOAD = Symbol.for('google-gax.rawHttpResponsePayload');

const bodyOf = (thrown: unknown): z.output<typeof bodyShape>['error'] | undefined => {
  if (!(thrown instanceof Error)) return undefined;
  const payload: unknown = Reflect.get(thrown, PAYLOAD);
  try {
    return bodyShape.parse(typeof payload === 'string' ? JSON.parse(payload) : payload).error;
  } catch {
    return undefined;
  }
};

/** The HTTP answer behind an error that the client library threw; without a status if there was no reply. */
export const failureOf = (thrown: unknown): ComputeFailure => {
  const read = thrownShape.safeParse(thrown);
  if (!read.success) return new ComputeFailure(String(thrown));
  const body = bodyOf(thrown);
  const reason = body?.errors?.[0]?.reason ?? read.data.reason ?? body?.status;
  return new ComputeFailure(body?.message ?? read.data.message, read.data.httpStatusCode, reason);
};
