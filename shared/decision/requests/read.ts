import { z } from 'zod';
import type { Envelope } from '../../envelope.ts';
import { at } from '../../kubernetes/loose.ts';
import { TIERS } from '../../model/ids.ts';
import { ACTIONS, type Request, request } from '../../model/request.ts';
import { msOf, type Time, timeOf, toTime } from '../../model/time.ts';
import { plain } from '../../text.ts';
import { momentText } from '../../views/time.ts';

/** A request that is older than this when first seen, or further ahead of our clock, is not carried out. */
const FRESH_MS = 15 * 60_000;

/** By field, what the sender should do. The schema's own message says what is wrong. */
const HELP: Readonly<Record<string, string>> = {
  action: `use one of ${ACTIONS.join(', ')}`,
  tier: `use one of ${TIERS.join(', ')}`,
  target: 'give project, location, cluster and namespace, and a pod, workload or node, each by its exact name',
  incident: 'give the id of an incident, as the notice or `firebreak incidents` shows it',
  plan: 'give the plan as the notice shows it',
  reason: 'say why, in 1 to 1000 characters',
  requestedBy: 'say who asks, such as ana@example.com',
  idToken: 'give the ID token of the sender, of at most 8192 characters, or leave it out',
  at: 'give a time such as 2026-03-02T03:00:00Z, or leave it out',
  id: 'use 1 to 100 letters, digits, dots, dashes and underscores, other than ., .. and __such__, or leave it out',
};

const OTHERWISE = 'give true or leave it out';

const identified = z.looseObject({ id: request.shape.id.unwrap() });

/**
 * The id that a request gives itself, also if the rest of it cannot be read; undefined if it has none that is valid.
 */
export const idIn = (body: unknown): string | undefined => identified.safeParse(body).data?.id;

/** A request as it is stored: whoever holds its token can pose as the sender. */
export const withoutToken = ({ idToken: _, ...rest }: Request): Omit<Request, 'idToken'> => rest;

/** Reads a request as people write it, or gives the sentence that says which field is wrong and what to do. */
export const readRequest = (body: unknown): { request: Request } | { refused: string } => {
  const read = request.safeParse(body);
  if (read.success) return { request: read.data };
  const [issue] = read.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    const within = issue.path.length === 0 ? '' : ` in ${issue.path.map(String).join('.')}`;
    const key = plain(String(issue.keys[0]), 60);
    return { refused: `field "${key}"${within} is not known: check its spelling, or leave it out; nothing was done` };
  }
  const path = issue?.path.map(String) ?? [];
  if (path.length === 0)
    return {
      refused:
        'the request is not a JSON object: publish one such as {"action":"halt","reason":"...","requestedBy":"..."}',
    };
  const field = plain(path.join('.'), 60);
  const help = HELP[String(path[0])] ?? OTHERWISE;
  const wrong =
    at(body, ...path) === undefined
      ? 'it is missing'
      : issue?.code === 'invalid_value'
        ? 'it is none that is known'
        : plain(issue?.message ?? 'unreadable', 200);
  return { refused: `field "${field}": ${wrong}; ${help}; nothing was done` };
};

/**
 * When a request was made: as the request says, else as the bus says, but never later than when it was published or
 * first seen: requests are compared with each other and with a halt, and the sender's clock may run ahead. Or the
 * sentence that says why it is not carried out.
 */
export const timeOfRequest = (
  { at }: Pick<Request, 'at'>,
  { publishedAt }: Pick<Envelope, 'publishedAt'>,
  firstSeenAt: Time,
): { at: Time } | { refused: string } => {
  const published = toTime(publishedAt) ?? firstSeenAt;
  const made = at === undefined ? published : toTime(at);
  if (made === undefined) return { refused: `field "at": it is not a time; ${HELP.at}; nothing was done` };
  const age = msOf(firstSeenAt) - msOf(made);
  if (age > FRESH_MS)
    return {
      refused: `the request is stale: made at ${momentText(made)}, first seen at ${momentText(firstSeenAt)}; send it again if it is still meant`,
    };
  if (age < -FRESH_MS)
    return {
      refused: `field "at": ${made} is ahead of our clock (${firstSeenAt}); set the sender's clock, or leave it out`,
    };
  return { at: timeOf(Math.min(msOf(made), msOf(published), msOf(firstSeenAt))) };
};
