import { StringDecoder } from 'node:string_decoder';
import { isHeartbeatText } from '../shared/detection/heartbeat-text.ts';

/**
 * One payload of a file, with its line (in a JSON array: its number). `json` is missing if it cannot be read, and for a
 * heartbeat, which need not be.
 */
export type Payload = { line: number } & (
  | { json: unknown }
  | { json?: never; because: string }
  | { json?: never; isHeartbeat: true }
);

const MAX_LINE = 8 * 1024 * 1024;
const MAX_DOCUMENT = 512 * 1024 * 1024;

/** A stream, or the pieces of a file. */
type Pieces = AsyncIterable<string | Buffer>;

type Line = { line: number; text: string; tooLong: boolean };

/**
 * The payloads of a stream, in groups as they arrive. NDJSON is read line by line, so memory does not grow with the
 * file. A JSON array, or a single object over several lines, is read whole, and line by line if it is neither. Blank
 * lines are skipped.
 */
export async function* payloadsOf(stream: Pieces): AsyncGenerator<Iterable<Payload>> {
  let document: Document | undefined;
  let begun = false;
  for await (const lines of linesOf(stream)) {
    const first = begun ? -1 : lines.findIndex(({ text }) => text.trim() !== '');
    if (first >= 0) {
      begun = true;
      document = beginsDocument(lines[first]?.text.trim() ?? '') ? { lines: [], size: 0 } : undefined;
    }
    if (document === undefined) yield payloadsIn(lines);
    else if (!hold(document, lines.slice(Math.max(first, 0)))) {
      const because = 'a document too large to be read whole: write it as NDJSON';
      yield [{ line: document.lines[0]?.line ?? 1, because }];
      return;
    }
  }
  if (document !== undefined) yield wholeDocument(document);
}

type Document = { lines: Line[]; size: number };

const beginsDocument = (text: string): boolean => text.startsWith('[') || text === '{';

/** Adds lines to a document; false if it has grown too large. */
const hold = (document: Document, lines: readonly Line[]): boolean => {
  for (const line of lines) {
    document.lines.push(line);
    document.size += line.text.length;
  }
  return document.size <= MAX_DOCUMENT;
};

/** Parses lines lazily, one at a time. */
function* payloadsIn(lines: readonly Line[]): Generator<Payload> {
  for (const line of lines) {
    const text = line.text.trim();
    if (text !== '') yield payloadOf(line, text);
  }
}

const payloadOf = ({ line, tooLong }: Line, text: string): Payload => {
  if (tooLong) return { line, because: `longer than ${MAX_LINE / 1024 / 1024} MiB, which no log entry is` };
  if (isHeartbeatText(text)) return { line, isHeartbeat: true };
  try {
    return { line, json: JSON.parse(text) };
  } catch {
    // The parser's own message quotes the input, which comes from a stranger.
    return { line, because: 'not JSON' };
  }
};

const wholeDocument = ({ lines }: Document): Iterable<Payload> => {
  const text = lines.map((line) => line.text).join('\n');
  const read = payloadOf({ line: lines[0]?.line ?? 1, text, tooLong: false }, text);
  // NDJSON whose first line is torn, or holds no object, begins like a document.
  if ('because' in read) return lines.slice(1).some(isObject) ? payloadsIn(lines) : [read];
  if (!('json' in read) || !Array.isArray(read.json)) return [read];
  return read.json.map((json: unknown, index) => ({ line: index + 1, json }));
};

/** Whether a line alone is a JSON object. */
const isObject = (line: Line): boolean => {
  const text = line.text.trim();
  return text.startsWith('{') && text.endsWith('}') && !('because' in payloadOf(line, text));
};

/**
 * Lines with their numbers, in groups as they arrive. Of a line above the limit only the end is kept, marked tooLong.
 */
async function* linesOf(stream: Pieces): AsyncGenerator<Line[]> {
  let line = 1;
  let held = '';
  let tooLong = false;
  for await (const text of textsOf(stream)) {
    const parts = (line === 1 && held === '' ? text.replace(/^\ufeff/, '') : text).split('\n');
    const last = parts.pop() ?? '';
    const lines: Line[] = [];
    for (const part of parts) {
      lines.push({ line, text: held + part, tooLong });
      line += 1;
      held = '';
      tooLong = false;
    }
    if (lines.length > 0) yield lines;
    // A whole array may be written as one line, so the first line may be longer.
    const limit = line === 1 && (held || last).startsWith('[') ? MAX_DOCUMENT : MAX_LINE;
    if (held.length + last.length > limit) tooLong = true;
    held = tooLong ? '…' : held + last;
  }
  if (held !== '') yield [{ line, text: held, tooLong }];
}

/** In bytes. V8 stores a longer text in its space for large objects, which takes several times as long. */
const DECODED_AT_ONCE = 64 * 1024;

async function* textsOf(stream: Pieces): AsyncGenerator<string> {
  let decoder: Decoder | undefined;
  let first: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    if (typeof chunk === 'string') {
      yield chunk;
      continue;
    }
    let bytes = chunk;
    if (decoder === undefined) {
      bytes = first.length === 0 ? chunk : Buffer.concat([first, chunk]);
      first = bytes;
      if (bytes.length < 2) continue;
      decoder = decoderOf(bytes);
    }
    for (let start = 0; start < bytes.length; start += DECODED_AT_ONCE)
      yield decoder.write(bytes.subarray(start, start + DECODED_AT_ONCE));
  }
  yield decoder === undefined ? first.toString('utf8') : decoder.end();
}

type Decoder = { write(bytes: Buffer): string; end(): string };

/**
 * How a file is to be decoded, by its first two bytes. PowerShell writes the output of a command as UTF-16, with a mark
 * or, from some programs, without: then one byte of a first letter of JSON is zero.
 */
const decoderOf = ([first, second]: Buffer): Decoder => {
  const little = (first === 0xff && second === 0xfe) || (second === 0 && first !== 0);
  const big = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0);
  if (!little && !big) return new StringDecoder('utf8');
  const decoder = new TextDecoder(little ? 'utf-16le' : 'utf-16be');
  return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
};
