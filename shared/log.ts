import { timeOf } from './model/time.ts';
import type { Log } from './ports.ts';
import { plain } from './text.ts';

/** A log that knows which trace the running delivery belongs to. */
export type TracedLog = Log & {
  /** Runs `work`. Every line written within it, at any depth, carries `trace`. */
  within<T>(trace: string | undefined, work: () => T): T;
};

/** The content of one log line. `trace` is the trace id alone; `project` makes it a resource name. */
export type LogEntry = {
  severity: 'INFO' | 'WARNING' | 'ERROR';
  arrow?: string;
  metric?: string;
  message: string;
  fields?: Record<string, unknown> | undefined;
  function?: string | undefined;
  project?: string | undefined;
  trace?: string | undefined;
  /** ms since the epoch. */
  at: number;
};

const MAX_TEXT = 1024;
const MAX_ITEMS = 50;
const MAX_DEPTH = 5;
const MAX_VALUES = 500;
const MAX_FIELDS = 32 * 1024;
const REDACTED = '[redacted]';

const SECRET_KEY =
  /token|authori[sz]ation|passw(or)?d|secret|ssh-?keys?|private-?key|api-?key|cookie|credential|kube-?env/i;
const SECRET_TEXT =
  /\bBearer\s+[\w.~+/=-]+|\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*|\bya29\.[\w-]+|-----BEGIN [A-Z ]*PRIVATE KEY-----/g;

/** One line of JSON as Cloud Logging reads it from stdout, without the line end. Its size is bounded for any data. */
export const logLine = (entry: LogEntry): string => {
  const { labels, incident } = entry.fields ?? {};
  const fields = bounded(fieldsOf(entry.fields ?? {}), 0, { above: [], values: 0 });
  const line = lineOf(entry, incident, labels, fields);
  if (line.length <= MAX_FIELDS) return line;
  // Fields are written in full up to 32 KiB; above that the line has only their size.
  const size = JSON.stringify(fields).length;
  return size > MAX_FIELDS ? lineOf(entry, incident, labels, { leftOut: `${size} characters` }) : line;
};

/** The fields without those that have their own place in a line. */
const fieldsOf = (fields: Record<string, unknown>): Record<string, unknown> => {
  const { labels, incident } = fields;
  if (labels === undefined && typeof incident !== 'string') return fields;
  const { labels: _, incident: __, ...rest } = fields;
  return typeof incident === 'string' ? rest : { ...rest, ...('incident' in fields ? { incident } : {}) };
};

// This runs twice for each entry of a cluster, so it makes no object that is not written.
const lineOf = (entry: LogEntry, incident: unknown, labels: unknown, fields: unknown): string => {
  const line: Record<string, unknown> = {
    severity: entry.severity,
    time: timeOf(entry.at),
    message: printable(entry.message),
  };
  if (entry.function !== undefined) line.function = entry.function;
  if (entry.arrow !== undefined) line.arrow = printable(entry.arrow);
  if (entry.metric !== undefined) {
    line.metric = printable(entry.metric);
    line.count = 1;
  }
  if (typeof incident === 'string') line.incident = printable(incident);
  if (entry.trace !== undefined && entry.project !== undefined)
    line['logging.googleapis.com/trace'] = `projects/${entry.project}/traces/${entry.trace}`;
  if (typeof labels === 'object' && labels !== null) line['logging.googleapis.com/labels'] = labelsOf(labels);
  if (!isEmpty(fields)) line.fields = fields;
  return JSON.stringify(line);
};

const isEmpty = (fields: unknown): boolean => {
  if (typeof fields !== 'object' || fields === null) return true;
  for (const _ in fields) return false;
  return true;
};

/** The labels of a line. They are searched by exact value, so only short texts are kept; the names are ours. */
const labelsOf = (labels: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(labels)
      .slice(0, MAX_ITEMS)
      .flatMap(([name, value]) => (typeof value === 'string' ? [[printable(name), printable(value)]] : [])),
  );

/** Text made fit for a line: nothing that moves the cursor or reorders, no credential, at most 1,024 characters. */
const printable = (text: string): string =>
  // A wider cut comes first, and the final one after redaction: a credential cut in half would not be recognised.
  plain(text.slice(0, 4 * MAX_TEXT).replace(SECRET_TEXT, REDACTED), MAX_TEXT);

type Walk = { above: object[]; values: number };

const bounded = (value: unknown, depth: number, walk: Walk): unknown => {
  walk.values += 1;
  if (typeof value === 'string') return printable(value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Error) return printable(`${value.name}: ${value.message}`);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (value instanceof Uint8Array) return `${value.byteLength} bytes`;
  if (typeof value !== 'object') return undefined;
  if (walk.above.includes(value)) return '[circular]';
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (walk.values > MAX_VALUES) return '[more]';
  walk.above.push(value);
  const shown = Array.isArray(value) ? boundedList(value, depth, walk) : boundedObject(value, depth, walk);
  walk.above.pop();
  return shown;
};

const boundedList = (list: unknown[], depth: number, walk: Walk): unknown[] => {
  const items = list.slice(0, MAX_ITEMS).map((item) => bounded(item, depth + 1, walk));
  return list.length > MAX_ITEMS ? [...items, `... (${list.length} items)`] : items;
};

const boundedObject = (object: object, depth: number, walk: Walk): Record<string, unknown> => {
  const shown: Record<string, unknown> = {};
  const put = (key: string, value: unknown): void => {
    // Assigning to a field of this name would set the object's prototype.
    if (key === '__proto__') Object.defineProperty(shown, key, { value, enumerable: true });
    else shown[key] = value;
  };
  const entries = Object.entries(object);
  for (const [key, item] of entries.length > MAX_ITEMS ? entries.slice(0, MAX_ITEMS) : entries)
    put(printable(key), SECRET_KEY.test(key) ? REDACTED : bounded(item, depth + 1, walk));
  if (entries.length > MAX_ITEMS) put('...', `${entries.length} fields`);
  return shown;
};
