import { Malformed } from '../errors.ts';
import { callOfUri } from '../kubernetes/call.ts';
import { at, integer, type Loose, record, text, texts } from '../kubernetes/loose.ts';
import { principalClassOf } from '../kubernetes/principals.ts';
import type { ApiCall, AuditSignal } from '../model/signal.ts';
import {
  bodyOf,
  bounded,
  boundedName,
  canonical,
  codeOfHttp,
  eventId,
  outcomeFrom,
  placeFrom,
  strings,
  timeFrom,
} from './audit-fields.ts';
import type { ReadContext, Source } from './source.ts';

const MAX_URI = 64_000;
const VERBS: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

/** Events of `audit.k8s.io/v1`, as a Kubernetes API server writes them. They do not name their cluster. */
export const kubernetesAudit: Source = {
  id: 'kubernetes-audit',
  title: 'a Kubernetes audit event',
  recognises: (payload) =>
    payload.kind === 'Event' &&
    (text(payload.requestURI) !== undefined || text(payload.auditID) !== undefined) &&
    (payload.apiVersion === undefined || String(payload.apiVersion).startsWith('audit.k8s.io/')),
  read: (payload, context) => {
    if (payload.stage === 'RequestReceived') {
      return {
        source: 'kubernetes-audit',
        because: 'the stage RequestReceived does not tell what came of the request',
      };
    }
    return { source: 'kubernetes-audit', signal: readEvent(payload, context) };
  },
};

const readEvent = (event: Loose, context: ReadContext): AuditSignal => {
  const call = callFrom(event);
  const uri = (text(event.requestURI) ?? '').slice(0, MAX_URI);
  const verb = bounded(event.verb, 32) ?? call?.verb;
  if (verb === undefined) throw new Malformed('a Kubernetes audit event without a verb');
  const response = bodyOf(event.responseObject);
  const request = bodyOf(event.requestObject);
  const when = timeFrom([event.requestReceivedTimestamp, event.stageTimestamp, event.timestamp], context.now);
  const where = placeFrom({}, context);
  const principal = boundedName(at(event, 'user', 'username'));
  const actingAs = actingAsOf(event);
  const labels = strings(event.annotations);
  const decision = labels['authorization.k8s.io/decision'];
  const callerIp = Array.isArray(event.sourceIPs) ? bounded(event.sourceIPs[0], 64) : undefined;
  const userAgent = bounded(event.userAgent);
  const command = commandOf(uri);
  return {
    kind: 'audit',
    source: 'kubernetes-audit',
    event: eventId(text(event.auditID) ?? canonical(event)),
    at: when.at,
    service: 'k8s.io',
    method: [call?.group, call?.version, call?.resource, call?.subresource, verb].filter(Boolean).join('.'),
    ...(call === undefined ? {} : { call }),
    place: where.place,
    ...(principal === undefined ? {} : { principal }),
    principalClass: principalClassOf(principal),
    ...(actingAs === undefined ? {} : { actingAs }),
    ...(callerIp === undefined ? {} : { callerIp }),
    ...(userAgent === undefined ? {} : { userAgent }),
    ...outcomeOf(event, response),
    ...(decision === undefined
      ? {}
      : { authorization: { decision, reason: labels['authorization.k8s.io/reason'] ?? '' } }),
    ...(request === undefined ? {} : { request }),
    ...(response === undefined ? {} : { response }),
    labels,
    ...(isDryRun(uri) ? { dryRun: true } : {}),
    ...(command === undefined ? {} : { command }),
    partial: false,
    doubts: [when.doubt, where.doubt].filter((doubt) => doubt !== undefined),
  };
};

/** A group that may do everything, whichever names are used with it. */
const MASTERS = 'system:masters';

/** Whom the caller impersonated: the group of administrators, if it was asked for (`--as=x --as-group=GROUP`). */
const actingAsOf = ({ impersonatedUser }: Loose): string | undefined =>
  texts(at(impersonatedUser, 'groups')).includes(MASTERS) ? MASTERS : boundedName(at(impersonatedUser, 'username'));

/** The call of an event. What the server itself parsed (`objectRef`) takes precedence over the request's URI. */
const callFrom = (event: Loose): ApiCall | undefined => {
  const method = text(at(event, 'http', 'method'));
  const verb = text(event.verb) ?? (method === undefined ? undefined : (VERBS[method.toUpperCase()] ?? method));
  const named = record(event.objectRef);
  const read = callOfUri((text(event.requestURI) ?? '').slice(0, MAX_URI), verb ?? '');
  const resource = bounded(at(named, 'resource')) ?? read?.resource;
  if (resource === undefined || verb === undefined) return undefined;
  const namespace = bounded(at(named, 'namespace')) ?? read?.namespace;
  const name = bounded(at(named, 'name')) ?? read?.name;
  const subresource = bounded(at(named, 'subresource'), 64) ?? read?.subresource;
  return {
    group: bounded(at(named, 'apiGroup')) ?? read?.group ?? 'core',
    version: bounded(at(named, 'apiVersion'), 32) ?? read?.version ?? 'v1',
    resource,
    verb: verb.toLowerCase().slice(0, 32),
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
    ...(read?.rest === undefined ? {} : { rest: read.rest }),
  };
};

const outcomeOf = (event: Loose, response: Loose | undefined): Pick<AuditSignal, 'status' | 'outcome'> => {
  if (event.stage === 'Panic') return { status: { code: 13 }, outcome: 'failed' };
  const http = integer(at(event, 'responseStatus', 'code')) ?? integer(at(event, 'http', 'status_code'));
  const message = at(event, 'responseStatus', 'message');
  return outcomeFrom(http === undefined ? { message } : { code: codeOfHttp(http), message }, response);
};

const isDryRun = (uri: string): boolean => /[?&]dryRun=All(?:&|$)/.test(uri);

/** The command of an exec: its words stand in the URI, each as `command=`. */
const commandOf = (uri: string): AuditSignal['command'] => {
  const query = uri.indexOf('?');
  if (query < 0) return undefined;
  const line = new URLSearchParams(uri.slice(query + 1)).getAll('command').join(' ');
  return line === '' ? undefined : { line, truncated: uri.length >= MAX_URI };
};
