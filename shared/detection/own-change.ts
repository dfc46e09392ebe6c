import { resourceOf } from '../kubernetes/call.ts';
import { at, text } from '../kubernetes/loose.ts';
import { type Change, change } from '../model/finding.ts';
import type { AuditSignal } from '../model/signal.ts';
import { begins, verbOf } from './admin-rule.ts';
import { QUESTION } from './anonymous.ts';
import { ACTING, CHANGES } from './calls.ts';
import type { Known } from './known.ts';

const READS =
  /^(get|list|aggregatedlist|search|query|read|test|watch|batchget|lookup|view|count|run|listen|pull|acknowledge|modifyackdeadline|streamingpull)/;
/**
 * What our functions write all day: messages, documents, evidence, log lines and metrics, and how they get their
 * tokens. For each service, the last words of the methods, in lower case.
 */
const DAILY: ReadonlyMap<string, readonly string[]> = new Map([
  ['pubsub.googleapis.com', ['publish']],
  ['firestore.googleapis.com', ['commit', 'write', 'batchwrite', 'begintransaction', 'rollback']],
  ['datastore.googleapis.com', ['commit', 'begintransaction', 'rollback']],
  ['storage.googleapis.com', ['objects.create']],
  ['logging.googleapis.com', ['writelogentries']],
  ['monitoring.googleapis.com', ['createtimeseries']],
  ['secretmanager.googleapis.com', ['accesssecretversion']],
  ['iamcredentials.googleapis.com', ['generateaccesstoken', 'generateidtoken', 'signjwt', 'signblob']],
]);

const method = (pattern: string): string => `protoPayload.methodName=~"${pattern}"`;

/** Calls that `ownChangeOf` ignores, whoever makes them, as a fragment of a Cloud Logging filter. */
export const NO_CHANGE_FILTER = [
  `(protoPayload.serviceName!="k8s.io" AND ${method(`(?i)(^|[.])${READS.source.slice(1)}[^.]*$`)})`,
  ...[...DAILY].map(
    ([service, words]) =>
      `(protoPayload.serviceName="${service}" AND ${method(`(?i)[.](${words.join('|').replaceAll('.', '[.]')})$`)})`,
  ),
  `(protoPayload.serviceName="k8s.io" AND ${method('[.](get|list|watch)$')} AND NOT ${method(`[.](${ACTING.join('|')})[.]`)})`,
].join(' OR ');

const isDaily = ({ service, method }: AuditSignal): boolean =>
  DAILY.get(service)?.some((words) => `.${method.toLowerCase()}`.endsWith(`.${words}`)) === true;

/**
 * The change that one of our own identities made or tried to make. Undefined for everybody else's calls, for failed
 * calls, for reads, and for the routine writes of our functions.
 */
export const ownChangeOf = (signal: AuditSignal, { identities }: Pick<Known, 'identities'>): Change | undefined => {
  const { principal } = signal;
  // The name is checked first, because nearly every entry is somebody else's.
  if (principal === undefined || identities.size === 0 || !identities.has(principal.toLowerCase())) return undefined;
  if (signal.outcome === 'failed') return undefined;
  return signal.call === undefined ? cloudChange(signal) : clusterChange(signal);
};

const clusterChange = ({ call, response }: AuditSignal): Change | undefined => {
  if (call === undefined || QUESTION.test(call.group)) return undefined;
  if (!CHANGES.includes(call.verb) && !ACTING.includes(call.subresource ?? '')) return undefined;
  const name = call.name ?? text(at(response, 'metadata', 'name'));
  return read({ service: 'k8s.io', resource: resourceOf(call), verb: call.verb }, call.namespace, name);
};

/**
 * The last two words of the method name the resource and the verb. Of a long-running operation only the first entry
 * counts.
 */
const cloudChange = (signal: AuditSignal): Change | undefined => {
  const { service, method, resourceName } = signal;
  if (!begins(signal) || READS.test(verbOf(signal)) || isDaily(signal)) return undefined;
  const words = method.split('.');
  return read(
    { service, resource: words.at(-2) ?? service, verb: words.at(-1) ?? method },
    undefined,
    resourceName?.split('/').at(-1),
  );
};

/**
 * Builds a change from foreign words. A namespace or name that does not pass the schema is left out; where the rest
 * does not pass it, the change is `unknown`, which matches no journal entry.
 */
const read = (
  what: { service: string; resource: string; verb: string },
  namespace: string | undefined,
  name: string | undefined,
): Change => {
  const named = (key: 'namespace' | 'name', value: string | undefined): object =>
    change.shape[key].safeParse(value).success && value !== undefined ? { [key]: value } : {};
  const parsed = change.safeParse({ ...what, ...named('namespace', namespace), ...named('name', name) });
  return parsed.success ? parsed.data : { service: 'unknown', resource: 'unknown', verb: 'unknown' };
};
