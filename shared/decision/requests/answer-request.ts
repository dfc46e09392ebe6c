import { againOnConflict } from '../../again-on-conflict.ts';
import type { Envelope } from '../../envelope.ts';
import { Conflict, Malformed, sentenceOf } from '../../errors.ts';
import { publishDue } from '../../incidents.ts';
import type { ACTIONS, Request, RequestRecord } from '../../model/request.ts';
import { timeOf, toTime } from '../../model/time.ts';
import type { Identity } from '../../ports.ts';
import { hashOf } from '../hash.ts';
import { type Operator, strangerOf } from '../operators.ts';
import { approve, reject } from './answer.ts';
import { contain } from './contain.ts';
import { close, release } from './end.ts';
import { halt, resume } from './halt.ts';
import { idIn, readRequest, timeOfRequest, withoutToken } from './read.ts';
import { type Asked, type Judged, type OperatePorts, type Outcome, refuse, unprovenFor } from './request.ts';
import { surplusIn } from './surplus.ts';

const JUDGES: Readonly<Record<(typeof ACTIONS)[number], Judged>> = {
  contain,
  approve,
  reject,
  release,
  close,
  halt,
  resume,
};

/** Whether a record is about a request that could not be read, and this one is not about the same. */
const isMended = (known: RequestRecord, doc: RequestRecord): boolean =>
  known.request === null && known.outcome !== doc.outcome;

/**
 * Stores the record of a request, before anything is done. If one is stored already, that one counts, unless the
 * request could not be read then: whoever corrects a field may send it again under its id.
 */
const first = ({ stores }: OperatePorts, doc: RequestRecord): Promise<RequestRecord> =>
  againOnConflict(`request ${doc.id} was written by others`, async (tries) => {
    const known = tries === 0 ? undefined : await stores.requests.get(doc.id);
    return known === undefined || isMended(known, doc) ? stores.requests.put(doc.id, doc, known?.rev ?? null) : known;
  });

/** Writes the outcome of a request. If another delivery wrote an outcome first, that one holds. */
const store = ({ stores }: OperatePorts, record: RequestRecord, outcome: Outcome): Promise<RequestRecord> =>
  againOnConflict(`request ${record.id} was written by others`, async (tries) => {
    const known = (tries === 0 ? undefined : await stores.requests.get(record.id)) ?? record;
    return known.state === 'seen' ? stores.requests.put(record.id, { ...known, ...outcome }, known.rev) : known;
  });

const recordOf = (ports: OperatePorts, envelope: Envelope, id: string, request: Request | null): RequestRecord => {
  const now = timeOf(ports.clock.now());
  return {
    v: 1,
    rev: 0,
    writer: '',
    id,
    request: request === null ? null : withoutToken(request),
    publishedAt: toTime(envelope.publishedAt) ?? now,
    firstSeenAt: now,
    state: 'seen',
  };
};

const say = (ports: OperatePorts, record: RequestRecord): void => {
  const fields = { request: record.id, action: record.request?.action, incident: record.incident };
  if (record.state === 'refused') ports.log.count('request-refused', record.outcome ?? 'refused', fields);
  else ports.log.info('request -> incident', record.outcome ?? record.state, fields);
};

/** Records the sender that the token proved, so that a redelivery does not depend on the token's lifetime. */
const remember = async ({ stores }: OperatePorts, record: RequestRecord, who: Identity): Promise<void> => {
  const domain = who.domain === undefined ? {} : { operatorDomain: who.domain };
  try {
    await stores.requests.put(record.id, { ...record, operator: who.email, ...domain }, record.rev);
  } catch (thrown) {
    // Another delivery is ahead of this one: it has verified the same token.
    if (!(thrown instanceof Conflict)) throw thrown;
  }
};

const rememberedIn = ({ operator, operatorDomain }: RequestRecord): Identity | undefined =>
  operator === undefined
    ? undefined
    : { email: operator, ...(operatorDomain === undefined ? {} : { domain: operatorDomain }) };

/**
 * Who asks. A token that is not valid is refused, whatever was asked. Without a token or a verifier, the name is only
 * the sender's claim, and marked as such wherever it is written.
 */
const operatorOf = async (ports: OperatePorts, request: Request, record: RequestRecord): Promise<Operator> => {
  const { verifier } = ports;
  const { idToken, requestedBy } = request;
  if (verifier === undefined || idToken === undefined) return { email: undefined, by: `${requestedBy} (claimed)` };
  const known = rememberedIn(record);
  const who = known ?? (await verifier.verify(idToken));
  if (known === undefined) await remember(ports, record, who);
  const stranger = strangerOf(ports.policy, who);
  if (stranger !== undefined) throw new Malformed(stranger);
  return { email: who.email, by: who.email };
};

const judged = async (ports: OperatePorts, request: Request, record: RequestRecord): Promise<Outcome> => {
  const made = timeOfRequest(request, record, record.firstSeenAt);
  if ('refused' in made) return refuse(made.refused);
  const surplus = surplusIn(request);
  if (surplus !== undefined) return refuse(surplus, request.incident);
  try {
    const operator = await operatorOf(ports, request, record);
    const asked: Asked = {
      id: record.id,
      at: made.at,
      seenAt: record.firstSeenAt,
      request: { ...request, requestedBy: operator.by },
      operator,
    };
    const unproven = unprovenFor(ports, asked, request.action);
    if (unproven !== undefined) return refuse(unproven, request.incident);
    return await JUDGES[request.action](ports, asked);
  } catch (thrown) {
    // A request that the cluster cannot answer because it is malformed would fail again at the next try.
    if (thrown instanceof Malformed) return refuse(thrown.message);
    await noteTrouble(ports, record, sentenceOf(thrown));
    throw thrown;
  }
};

/** Records, for whoever waits, why there is no answer yet. If that cannot be written, nothing is lost. */
const noteTrouble = async ({ stores, log }: OperatePorts, record: RequestRecord, because: string): Promise<void> => {
  try {
    const known = await stores.requests.get(record.id);
    if (known?.state !== 'seen') return;
    const outcome = `not answered yet; it is retried for up to an hour: ${because}`;
    await stores.requests.put(record.id, { ...known, outcome }, known.rev);
  } catch (thrown) {
    log.warn('request -> record', sentenceOf(thrown), { request: record.id });
  }
};

/**
 * Answers one request. It is stored before it is judged, so that a redelivery is never stale. A redelivery is answered
 * from the record, and whatever its incident has to publish is published. A request that cannot be read is refused
 * under its id, or under the message's if it has none that is valid. A request that uses the id of another request is
 * refused as well, under the message's id.
 *
 * @throws Transient and Denied where the cluster or the store cannot be read: then the message is delivered again.
 */
export const answerRequest = async (ports: OperatePorts, envelope: Envelope): Promise<void> => {
  const read = readRequest(envelope.data);
  if ('refused' in read) {
    const doc = { ...recordOf(ports, envelope, envelope.id, null), ...refuse(read.refused) };
    const seen = await first(ports, { ...doc, id: idIn(envelope.data) ?? envelope.id });
    say(ports, seen.request === null ? seen : await first(ports, doc));
    return;
  }
  const { request } = read;
  const doc = recordOf(ports, envelope, request.id ?? envelope.id, request);
  const seen = await first(ports, doc);
  if (hashOf(seen.request) !== hashOf(doc.request)) {
    const taken = refuse(`field "id": ${doc.id} is the id of another request; use a new one, or leave it out`);
    if (envelope.id !== doc.id) say(ports, await first(ports, { ...doc, id: envelope.id, ...taken }));
    else ports.log.count('request-refused', taken.outcome, { request: doc.id });
    return;
  }
  const answered = seen.state === 'seen' ? await store(ports, seen, await judged(ports, request, seen)) : seen;
  const incident = answered.incident === undefined ? undefined : await ports.stores.incidents.get(answered.incident);
  if (incident !== undefined) await publishDue(ports, incident);
  say(ports, answered);
};
