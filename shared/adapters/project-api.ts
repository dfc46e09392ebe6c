import { z } from 'zod';
import { Denied, sentenceOf, Transient } from '../errors.ts';
import { issueText } from '../issue-text.ts';
import { jsonOf } from '../json.ts';
import { plain, quote } from '../text.ts';
import { httpCall } from './http-call.ts';

/** The services of Google Cloud from which a deployment is read, each with its origin. */
export const SERVICES = {
  functions: 'https://cloudfunctions.googleapis.com',
  run: 'https://run.googleapis.com',
  pubsub: 'https://pubsub.googleapis.com',
  projects: 'https://cloudresourcemanager.googleapis.com',
  iam: 'https://iam.googleapis.com',
  logging: 'https://logging.googleapis.com',
  firestore: 'https://firestore.googleapis.com',
  scheduler: 'https://cloudscheduler.googleapis.com',
  storage: 'https://storage.googleapis.com',
  monitoring: 'https://monitoring.googleapis.com',
  secrets: 'https://secretmanager.googleapis.com',
  threats: 'https://securitycenter.googleapis.com',
} as const;
export type Service = keyof typeof SERVICES;

export type ProjectApiOptions = {
  /** Authenticates a request: the bearer token, and the project to bill if the credentials name one. */
  headers(): Promise<Readonly<Record<string, string>>>;
  /** Origins of the services, if they are not Google's: a stand-in. */
  originOf?: (service: Service) => string;
  /** Whole milliseconds that one call may take; default 20 s. */
  timeoutMs?: number;
};

export type Call<T> = {
  service: Service;
  path: string;
  schema: z.ZodType<T>;
  query?: Readonly<Record<string, string>>;
  /** Sent as POST; without it, GET. */
  body?: unknown;
};

/**
 * Makes one call; undefined if the resource does not exist. Throws Denied on 401 and 403, Transient on anything else.
 */
export type ProjectApi = {
  ask<T>(call: Call<T>): Promise<T | undefined>;
  /** Every item of a listing, over all its pages. */
  all<T>(call: Omit<Call<unknown>, 'schema' | 'body'>, field: string, item: z.ZodType<T>): Promise<T[]>;
};

const TIMEOUT_MS = 20_000;
const MAX_PAGES = 200;

const refusal = z.looseObject({
  error: z.looseObject({
    message: z.string(),
    details: z.array(z.looseObject({ reason: z.string().optional() })).optional(),
  }),
});

/** A listing names the places, such as a region that is down, whose items it leaves out. */
const partial = z.looseObject({ unreachable: z.array(z.string()).min(1) });

const readAs = <T>(schema: z.ZodType<T>, json: unknown, where: string): T => {
  const read = schema.safeParse(json);
  if (read.success) return read.data;
  throw new Transient(`${where} answered something else than expected (${issueText(read.error)})`);
};

/** Calls Google's REST APIs and reads each answer by its schema. */
export const makeProjectApi = (options: ProjectApiOptions): ProjectApi => {
  const send = async ({
    service,
    path,
    query = {},
    body,
  }: Call<unknown>): Promise<{ status: number; json: unknown }> => {
    const origin = options.originOf?.(service) ?? SERVICES[service];
    const url = new URL(`${origin}${path}`);
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
    const json = { 'content-type': 'application/json' };
    const { status, text } = await httpCall({
      url: url.href,
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...(await options.headers()), ...(body === undefined ? {} : json) },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS),
    });
    return { status, json: jsonOf(text) };
  };

  const ask = async <T>(call: Call<T>): Promise<T | undefined> => {
    const where = `${new URL(SERVICES[call.service]).hostname}${call.path}`;
    const { status, json } = await send(call).catch((thrown: unknown) => {
      if (thrown instanceof Denied) throw thrown;
      throw new Transient(`${where} gave no answer (${plain(sentenceOf(thrown), 200)})`);
    });
    if (status === 404) return undefined;
    const said = refusal.safeParse(json).data?.error;
    const why = said === undefined ? '' : `: ${quote(said.message, 300)}`;
    if (status === 401 || status === 403) throw new Denied(`${where} refused (${status})${why}`);
    if (status !== 200) throw new Transient(`${where} answered ${status}${why}`);
    const without = partial.safeParse(json).data?.unreachable.join(', ');
    if (without !== undefined)
      throw new Transient(`${where} answered without what is in ${plain(without, 300)}, which it cannot reach`);
    return readAs(call.schema, json, where);
  };

  return {
    ask,
    all: async ({ service, path, query = {} }, field, item) => {
      const schema = z.record(z.string(), z.unknown());
      const list = z.array(item);
      const found: Array<z.infer<typeof item>> = [];
      let pageToken = '';
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const call = { service, path, query: pageToken === '' ? query : { ...query, pageToken } };
        const answer = await ask({ ...call, schema });
        found.push(...readAs(list, answer?.[field] ?? [], path));
        pageToken = readAs(z.string().default(''), answer?.nextPageToken, path);
        if (pageToken === '') return found;
      }
      throw new Transient(`${path} has more than ${MAX_PAGES} pages`);
    },
  };
};
