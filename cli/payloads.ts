import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** One payload of a file, by its line (in a JSON array: by its number); `json` is missing where it cannot be read. */
export type Payload = { line: number } & ({ json: unknown } | { json?: never; because: string });

const MAX_LINE = 8 * 1024 * 1024;
const MAX_DOCUMENT = 512 * 1024 * 1024;

type Line = { line: number; text: string; tooLong: boolean };

/**
 * The payloads of a stream: NDJSON, held one line at a time whatever the length of the file; or a JSON array or a
 * single object over several lines, read whole. Blank lines are skipped.
 */
export async function* payloadsOf(stream: Readable): AsyncGenerator<Payload> {
  const lines = linesOf(stream);
  for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
    const text = next.value.text.trim();
    if (text === '') continue;
    if (text.startsWith('[') || text === '{') {
      yield* wholeDocument(next.value, lines);
      return;
    }
    yield payloadOf(next.value, text);
    break;
  }
  for await (const line of lines) {
    const text = line.text.trim();
    if (text !== '') yield payloadOf(line, text);
  }
}

const payloadOf = ({ line, tooLong }: Line, text: string): Payload => {
  if (tooLong) return { line, because: `longer than ${MAX_LINE / 1024 / 1024} MiB, which no log entry is` };
  try {
    return { line, json: JSON.parse(text) };
  } catch {
    // The parser's own message quotes the input, which is a stranger's.
    return { line, because: 'not JSON' };
  }
};

async function* wholeDocument(first: Line, rest: AsyncIterable<Line>): AsyncGenerator<Payload> {
  const texts = [first.text];
  let size = first.text.length;
  for await (const { text } of rest) {
    size += text.length;
    if (size > MAX_DOCUMENT) {
      yield { line: first.line, because: 'a document too large to be read whole: write it as NDJSON' };
      return;
    }
    texts.push(text);
  }
  const read = payloadOf({ ...first, tooLong: false }, texts.join('\n'));
  if (!('json' in read) || !Array.isArray(read.json)) yield read;
  else for (const [index, json] of read.json.entries()) yield { line: index + 1, json };
}

/** Lines with their numbers; of one beyond the limit only its beginning is kept. */
async function* linesOf(stream: Readable): AsyncGenerator<Line> {
  const decoder = new StringDecoder('utf8');
  let line = 1;
  let held = '';
  let tooLong = false;
  for await (const chunk of stream) {
    const text = typeof chunk === 'string' ? chunk : decoder.write(chunk);
    const parts = (line === 1 && held === '' ? text.replace(/^\ufeff/, '') : text).split('\n');
    const last = parts.pop() ?? '';
    for (const part of parts) {
      yield { line, text: held + part, tooLong };
      line += 1;
      held = '';
      tooLong = false;
    }
    // An array may be written as one line.
    const limit = line === 1 && (held || last).startsWith('[') ? MAX_DOCUMENT : MAX_LINE;
    if (held.length + last.length > limit) tooLong = true;
    held = tooLong ? '…' : held + last;
  }
  held += decoder.end();
  if (held !== '') yield { line, text: held, tooLong };
}
