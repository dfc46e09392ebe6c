import { hash } from 'node:crypto';
import { jsonOf } from '../json.ts';
import type { Evidence } from '../ports.ts';

/** Bytes of JSON above which a part leaves its document. */
export const SPILL_ABOVE = 32 * 1024;
/** Bytes above which a document is crowded: many pods may each have nearly that much. Then smaller parts leave it, too. */
const CROWDED_ABOVE = 128 * 1024;
const CROWDED_SPILL_ABOVE = 1024;
/** How many hashes a process remembers. */
const REMEMBERED = 1000;

/** The field that may be large and is only needed whole: a before-image in a journal. */
const PART = 'before';
const MARKER = '$spilled';

const keyOf = (sha256: string): string => `documents/${sha256}`;
const sha256Of = (bytes: Uint8Array): string => hash('sha256', bytes);

/** The hash in a marker that stands in the place of a part; undefined if the value is no marker. */
const markerOf = (value: unknown): string | undefined => {
  if (typeof value !== 'object' || value === null || !(MARKER in value)) return undefined;
  const sha256 = value[MARKER];
  return typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256) ? sha256 : undefined;
};

/** A copy of `value` in which `change` was applied to every part (a field named PART, outermost first). */
const mapParts = async (value: unknown, change: (part: unknown) => Promise<unknown>): Promise<unknown> => {
  if (Array.isArray(value)) return Promise.all(value.map((item) => mapParts(item, change)));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(async ([name, field]): Promise<[string, unknown]> => {
    const changed = name === PART ? await change(field) : field;
    return [name, changed === field ? await mapParts(field, change) : changed];
  });
  return Object.fromEntries(await Promise.all(fields));
};

/**
 * Moves large parts of a document into the evidence store, named by the hash of their JSON, and back. A function
 * without an evidence store sees the marker `{"$spilled": sha256, size}` and writes it back unchanged; so does a
 * function that finds the evidence gone or altered. Markers name content by its hash, so a forged one only fetches
 * content that its author knows already.
 */
export const makeSpill = (evidence: Evidence, limit = Number.POSITIVE_INFINITY) => {
  /** Hashes that this process has stored or read: a journal is put many times, but its before-images only once. */
  const known = new Set<string>();
  const remember = (sha256: string): void => {
    if (known.size >= REMEMBERED) known.clear();
    known.add(sha256);
  };

  const storePart = async (part: unknown, above: number, faults: unknown[]): Promise<unknown> => {
    const bytes = Buffer.from(JSON.stringify(part) ?? '');
    if (bytes.length <= above) return part;
    const sha256 = sha256Of(bytes);
    if (!known.has(sha256)) {
      const put = await evidence.put(keyOf(sha256), bytes).catch((thrown: unknown) => void faults.push(thrown));
      // It was not stored, or something else is under this hash: the part stays in the document, where it is safe.
      if (put?.sha256 !== sha256) return part;
      remember(sha256);
    }
    return { [MARKER]: sha256, size: bytes.length };
  };

  const fetchPart = async (part: unknown): Promise<unknown> => {
    const sha256 = markerOf(part);
    if (sha256 === undefined) return part;
    const bytes = await evidence.get(keyOf(sha256));
    if (bytes === undefined || sha256Of(bytes) !== sha256) return part;
    remember(sha256);
    return jsonOf(Buffer.from(bytes).toString('utf8')) ?? part;
  };

  const change = async (body: string, part: (value: unknown) => Promise<unknown>): Promise<string> => {
    const json = jsonOf(body);
    return json === undefined ? body : JSON.stringify(await mapParts(json, part));
  };

  /** The body without parts above a size, where it is larger than `most`; `faults`: why some could not be stored. */
  const spilled = async (body: string, most: number, above: number, faults: unknown[]): Promise<string> =>
    Buffer.byteLength(body) > most ? change(body, (part) => storePart(part, above, faults)) : body;

  return {
    /**
     * The body with its large parts stored and replaced by markers. Trouble with the evidence store does not stop the
     * write, unless the body then has more bytes than the limit.
     */
    store: async (body: string): Promise<string> => {
      const faults: unknown[] = [];
      const large = await spilled(body, SPILL_ABOVE, SPILL_ABOVE, faults);
      // An evidence store that did not answer is not asked again: each time may take long.
      const most = faults.length > 0 ? limit : CROWDED_ABOVE;
      const stored = await spilled(large, most, CROWDED_SPILL_ABOVE, faults);
      if (faults.length > 0 && Buffer.byteLength(stored) > limit) throw faults[0];
      return stored;
    },
    /** The body with its markers replaced by the parts that they stand for. */
    fetch: async (body: string): Promise<string> => (body.includes(`"${MARKER}"`) ? change(body, fetchPart) : body),
  };
};
