import { at, text } from '../kubernetes/loose.ts';
import { isUid } from '../kubernetes/names.ts';
import { workloadKindOf } from '../kubernetes/workloads.ts';
import type { AuditSignal } from '../model/signal.ts';
import { quote } from '../text.ts';
import { toldOnce } from '../told-once.ts';
import type { Claim } from './rule.ts';

/**
 * The workload or pod that a call is about. The name that the server gave to a created object is taken from the
 * response. Undefined where the call is about something else, or about an object that does not exist: deleted, or never
 * made.
 */
export const claimOf = toldOnce((signal: AuditSignal): Claim | undefined => {
  const { call, outcome, request, response } = signal;
  const kind = call === undefined ? undefined : workloadKindOf(call);
  if (call === undefined || kind === undefined) return undefined;
  const made = call.subresource === undefined && call.verb === 'create';
  const gone = call.subresource === undefined && call.verb.startsWith('delete');
  if (gone || (made && outcome !== 'ok')) return undefined;
  const answer = at(response, 'kind') === 'Status' || outcome !== 'ok' ? undefined : response;
  const named = call.subresource === undefined ? [answer, request] : [];
  const [ofAnswer, ofRequest] = named.map((body) => text(at(body, 'metadata', 'name')));
  const name = call.name ?? ofAnswer ?? ofRequest;
  if (name === undefined || call.namespace === undefined) return undefined;
  const uid = call.subresource === undefined ? text(at(answer, 'metadata', 'uid')) : undefined;
  return {
    namespace: call.namespace,
    ...(kind === 'Pod' ? { pod: name } : { workload: { kind, name } }),
    ...(uid !== undefined && isUid(uid) ? { uid } : {}),
  };
});

/** The result of `claimOf` as a part of a sighting. */
export const aboutCall = (signal: AuditSignal): { on?: Claim } => {
  const on = claimOf(signal);
  return on === undefined ? {} : { on };
};

/** The object of a call, as a sentence names it: `Deployment "cart" in namespace "shop"`. */
export const shownObject = toldOnce((signal: AuditSignal): string => {
  const { call } = signal;
  if (call === undefined) return quote(signal.method);
  const what = workloadKindOf(call) ?? quote(call.resource, 64);
  const name = call.name === undefined ? '' : ` ${quote(call.name, 253)}`;
  return `${what}${name}${call.namespace === undefined ? '' : ` in namespace ${quote(call.namespace, 63)}`}`;
});

/** A container, as a sentence names it: `container "app"`. */
export const shownContainer = (name: string): string => `container ${quote(name || '(unnamed)', 63)}`;

/**
 * What the API server let a caller do with an object, as a sentence:
 * `"ana@example.com" (human) was allowed to delete Pod "cart-0"`. `verb`: words that stand before the object.
 */
export const shownCall = (signal: AuditSignal, verb = signal.call?.verb ?? 'call'): string =>
  `${shownCaller(signal)} ${mayOf(signal)} ${verb} ${shownObject(signal)}`;

/** What a caller did, before the verb, where the API server's answer counts: without a known outcome, only tried. */
export const mayOf = ({ outcome }: Pick<AuditSignal, 'outcome'>): string =>
  outcome === 'ok' ? 'was allowed to' : 'tried to';

/**
 * What a caller did with an object, as a sentence: `"ana@example.com" (human) wrote Role "reader"`; or, in the words of
 * `deed`, only tried to.
 */
export const shownDeed = (signal: AuditSignal, did: string, deed: string): string =>
  `${shownCaller(signal)} ${signal.outcome === 'ok' ? did : `tried to ${deed}`} ${shownObject(signal)}`;

/** The caller, as a sentence names them: `"ana@example.com" (human)`. */
export const shownCaller = toldOnce(({ principal, principalClass, actingAs }: AuditSignal): string => {
  const who = principal === undefined ? 'an unnamed caller' : `${quote(principal, 254)} (${principalClass})`;
  return actingAs === undefined ? who : `${who} acting as ${quote(actingAs, 254)}`;
});
