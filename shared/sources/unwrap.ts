import { Malformed } from '../errors.ts';
import { isDeep } from '../json.ts';
import { type Loose, record, text } from '../kubernetes/loose.ts';

const MAX_DEPTH = 128;
const MAX_DATA = 16 * 1024 * 1024;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/**
 * The payload itself: as received, taken from a Pub/Sub push body, or from a CloudEvent around one.
 *
 * Throws Malformed where there is no JSON object, or one nested deeper than any service would write.
 */
export const unwrap = (received: unknown): Loose => {
  const outer = record(received);
  if (outer === undefined) throw new Malformed(`expected a JSON object, not ${kindOf(received)}`);
  const event = typeof outer.specversion === 'string' ? record(outer.data) : undefined;
  const push = record((event ?? outer).message);
  const payload = push !== undefined && isPush(push) ? decode(push) : (event ?? outer);
  if (isDeep(payload, MAX_DEPTH)) throw new Malformed(`the payload is nested more than ${MAX_DEPTH} levels deep`);
  return payload;
};

/** Whether an object called `message` has the fields that every Pub/Sub message has. */
const isPush = (message: Loose): boolean =>
  typeof message.data === 'string' || typeof message.messageId === 'string' || record(message.attributes) !== undefined;

const decode = (message: Loose): Loose => {
  const data = text(message.data);
  if (data === undefined) throw new Malformed('the Pub/Sub message has no data: publish a JSON body');
  if (data.length > MAX_DATA || !BASE64.test(data))
    throw new Malformed('the data of the Pub/Sub message is not base64');
  const body = record(parse(data));
  if (body === undefined) throw new Malformed('the data of the Pub/Sub message is no JSON object');
  return body;
};

const parse = (data: string): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(data, 'base64')));
  } catch {
    // The parser's own message quotes the input, which is a stranger's.
    throw new Malformed('the data of the Pub/Sub message is not JSON');
  }
};

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
