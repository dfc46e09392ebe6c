import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { CRC32C } from '@google-cloud/storage';
import { ended, listening } from '../../../local/listening.ts';

/**
 * What happens to the next uploads and downloads, in order: an error status instead of the work, a reply lost after the
 * work, a body damaged on its way, or no answer, which a listing may get as well.
 */
export type Fault = { status: number; reason: string; message?: string } | 'lost reply' | 'damaged' | 'silence';

/** A stand-in for the JSON API of Cloud Storage with one bucket: insert, get media, list. */
export type StorageService = {
  endpoint: string;
  bucket: string;
  objects: Map<string, { body: Buffer; metadata: Record<string, string> }>;
  faults: Fault[];
  /** One line per request, `POST name` or `GET name` or `LIST prefix`. */
  requests: string[];
  /** Whether an upload onto an existing object is refused (403) before its precondition is checked. */
  retention: boolean;
  close(): Promise<void>;
};

const BUCKET = 'p1-evidence';
/** So small that a listing soon needs two pages. */
const PAGE = 2;

const md5Of = (body: Buffer): string => createHash('md5').update(body).digest('base64');

/** Hashes in the service's notation: always CRC32C, and MD5 for an upload in one piece. */
const hashesOf = (body: Buffer): string => {
  const crc32c = new CRC32C();
  crc32c.update(body);
  return `crc32c=${crc32c.toString()},md5=${md5Of(body)}`;
};

const damaged = (body: Buffer): Buffer => Buffer.concat([body.subarray(0, -1), Buffer.from('!')]);

const json = (res: ServerResponse, status: number, body: unknown): void => {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

const refuse = (res: ServerResponse, code: number, reason: string, message = reason): void => {
  json(res, code, { error: { code, message, errors: [{ reason, message, domain: 'global' }] } });
};

/** Splits a multipart/related body into its JSON part and its media part, byte for byte. */
const partsOf = (req: IncomingMessage, whole: Buffer): { fields: Record<string, unknown>; media: Buffer } => {
  const boundary = /^multipart\/related; boundary=(.+)$/.exec(req.headers['content-type'] ?? '')?.[1];
  assert.ok(boundary !== undefined, 'an upload is multipart/related');
  const mark = Buffer.from(`--${boundary}`);
  const offsets: number[] = [];
  for (let at = whole.indexOf(mark); at >= 0; at = whole.indexOf(mark, at + 1)) offsets.push(at);
  assert.equal(offsets.length, 3, 'two parts and an end');
  const [first = 0, second = 0, end = 0] = offsets;
  const contentOf = (from: number, to: number): Buffer => {
    const part = whole.subarray(from, to);
    return part.subarray(part.indexOf('\r\n\r\n') + 4, part.length - 2);
  };
  return { fields: JSON.parse(contentOf(first, second).toString()), media: contentOf(second, end) };
};

const bodyOf = async (req: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
};

/** Refuses unknown parameters, because an API that ignores a misspelt precondition would prove nothing. */
const checkParameters = (url: URL, known: readonly string[]): void => {
  for (const name of url.searchParams.keys()) assert.ok(known.includes(name), `unknown parameter ${name}`);
};

/** Starts the service on a free local port. It answers 400 with the rule to a request that breaks one. */
export const startStorageService = async (): Promise<StorageService> => {
  const objects: StorageService['objects'] = new Map();
  const faults: Fault[] = [];
  const requests: string[] = [];
  const state = { retention: false };

  const insert = async (url: URL, req: IncomingMessage, res: ServerResponse): Promise<void> => {
    checkParameters(url, ['uploadType', 'name', 'ifGenerationMatch']);
    assert.equal(url.searchParams.get('uploadType'), 'multipart');
    const name = url.searchParams.get('name') ?? '';
    requests.push(`POST ${name}`);
    const { fields, media: sent } = partsOf(req, await bodyOf(req));
    const fault = faults.shift();
    if (fault === 'silence') return;
    if (typeof fault === 'object') return refuse(res, fault.status, fault.reason, fault.message);
    const media = fault === 'damaged' ? damaged(sent) : sent;
    if (fields.md5Hash !== undefined && fields.md5Hash !== md5Of(media)) return refuse(res, 400, 'invalid');
    const custom = fields.metadata;
    assert.ok(
      typeof custom === 'object' && custom !== null && Object.values(custom).every((v) => typeof v === 'string'),
    );
    if (objects.has(name)) {
      if (state.retention) return refuse(res, 403, 'retentionPolicyNotMet');
      if (url.searchParams.get('ifGenerationMatch') === '0') return refuse(res, 412, 'conditionNotMet');
    }
    objects.set(name, { body: media, metadata: Object.fromEntries(Object.entries(custom)) });
    if (fault === 'lost reply') {
      res.destroy();
      return;
    }
    json(res, 200, { kind: 'storage#object', bucket: BUCKET, name, size: String(media.length), md5Hash: md5Of(media) });
  };

  const media = async (url: URL, name: string, res: ServerResponse): Promise<void> => {
    checkParameters(url, ['alt']);
    assert.equal(url.searchParams.get('alt'), 'media');
    requests.push(`GET ${name}`);
    const fault = faults.shift();
    if (fault === 'silence') return;
    if (typeof fault === 'object') return refuse(res, fault.status, fault.reason, fault.message);
    const found = objects.get(name);
    if (found === undefined) return refuse(res, 404, 'notFound');
    const headers = {
      'content-type': 'application/octet-stream',
      'x-goog-stored-content-encoding': 'identity',
      'x-goog-hash': hashesOf(found.body),
    };
    res.writeHead(200, headers).end(fault === 'damaged' ? damaged(found.body) : found.body);
  };

  const list = async (url: URL, res: ServerResponse): Promise<void> => {
    checkParameters(url, ['prefix', 'pageToken', 'fields']);
    const prefix = url.searchParams.get('prefix') ?? '';
    requests.push(`LIST ${prefix}`);
    if (faults[0] === 'silence') return void faults.shift();
    const names = [...objects.keys()].filter((name) => name.startsWith(prefix)).sort();
    const from = Number(url.searchParams.get('pageToken') ?? 0);
    const next = from + PAGE < names.length ? { nextPageToken: String(from + PAGE) } : {};
    json(res, 200, {
      kind: 'storage#objects',
      items: names.slice(from, from + PAGE).map((name) => ({ name })),
      ...next,
    });
  };

  const route = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const url = new URL(req.url ?? '/', 'http://localhost');
    const object = new RegExp(`^/storage/v1/b/${BUCKET}/o/([^/]+)$`).exec(url.pathname)?.[1];
    if (req.method === 'POST' && url.pathname === `/upload/storage/v1/b/${BUCKET}/o`) return insert(url, req, res);
    if (req.method === 'GET' && url.pathname === `/storage/v1/b/${BUCKET}/o`) return list(url, res);
    if (req.method === 'GET' && object !== undefined) return media(url, decodeURIComponent(object), res);
    return refuse(res, 404, 'notFound');
  };

  const server = createServer((req, res) => {
    route(req, res).catch((thrown: unknown) => refuse(res, 400, String(thrown)));
  });
  return {
    endpoint: `http://127.0.0.1:${await listening(server)}`,
    bucket: BUCKET,
    objects,
    faults,
    requests,
    get retention() {
      return state.retention;
    },
    set retention(on: boolean) {
      state.retention = on;
    },
    close: () => ended(server),
  };
};
