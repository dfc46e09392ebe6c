import { at, type Loose, record, text, texts } from '../kubernetes/loose.ts';
import { principalClassOf } from '../kubernetes/principals.ts';
import type { ApiCall, AuditSignal } from '../model/signal.ts';
import {
  bodyOf,
  bounded,
  boundedName,
  canonical,
  eventId,
  outcomeFrom,
  placeFrom,
  strings,
  timeFrom,
} from './audit-fields.ts';
import type { ReadContext } from './source.ts';

/** Cloud Logging cuts a label's value at 64 KB. */
const MAX_LABEL = 64_000;
const MAX_RESOURCE_NAME = 2048;
const NO_DOUBTS: readonly string[] = [];

/** What an entry of an audit log is read from, besides itself. */
export type AuditEntryFacts = {
  source: string;
  payload: Loose;
  context: ReadContext;
  /** The call to a Kubernetes API that it is of, from its resource name and method. */
  callOf?: (resourceName: string | undefined, method: string) => ApiCall | undefined;
};

/**
 * An entry of an audit log as a signal: each field is read when somebody asks for it, and those that cost something are
 * kept. Nearly all entries are of calls that no rule looks at, and reading a whole one takes twice as long as parsing it.
 */
export class AuditEntry implements AuditSignal {
  readonly kind = 'audit';
  readonly source: string;
  readonly service: string;
  readonly method: string;
  readonly resourceName: string | undefined;
  readonly call: ApiCall | undefined;
  readonly #entry: Loose;
  readonly #payload: Loose;
  readonly #context: ReadContext;
  #event: string | undefined;
  #when: ReturnType<typeof timeFrom> | undefined;
  #where: ReturnType<typeof placeFrom> | undefined;
  #who: Identity | undefined;
  #class: AuditSignal['principalClass'] | undefined;
  #came: Pick<AuditSignal, 'status' | 'outcome'> | undefined;
  #labels: Readonly<Record<string, string>> | undefined;
  #command: { told: AuditSignal['command'] } | undefined;

  constructor(entry: Loose, { source, payload, context, callOf }: AuditEntryFacts) {
    this.#entry = entry;
    this.#payload = payload;
    this.#context = context;
    this.source = source;
    this.service = bounded(payload.serviceName) ?? '';
    this.method = bounded(payload.methodName) ?? requestType(payload) ?? '';
    this.resourceName = bounded(payload.resourceName, MAX_RESOURCE_NAME);
    this.call = callOf?.(this.resourceName, this.method);
  }

  get event(): string {
    this.#event ??= idOf(this.#entry);
    return this.#event;
  }

  get at(): AuditSignal['at'] {
    return this.#time().at;
  }

  get place(): AuditSignal['place'] {
    return this.#place().place;
  }

  get principal(): string | undefined {
    return this.#identity().principal;
  }

  get principalClass(): AuditSignal['principalClass'] {
    this.#class ??= principalClassOf(this.principal);
    return this.#class;
  }

  get actingAs(): string | undefined {
    return this.#identity().actingAs;
  }

  get callerIp(): string | undefined {
    const metadata = record(this.#payload.requestMetadata);
    return bounded(metadata?.callerIp, 64) ?? bounded(metadata?.callerIP, 64);
  }

  get userAgent(): string | undefined {
    return bounded(record(this.#payload.requestMetadata)?.callerSuppliedUserAgent);
  }

  get status(): AuditSignal['status'] {
    return this.#result().status;
  }

  get outcome(): AuditSignal['outcome'] {
    return this.#result().outcome;
  }

  get authorization(): AuditSignal['authorization'] {
    const decision = this.labels['authorization.k8s.io/decision'];
    if (decision === undefined) return undefined;
    const reason = this.labels['authorization.k8s.io/reason'] ?? '';
    return { decision: decision.slice(0, 32), reason: reason.slice(0, 512) };
  }

  get request(): AuditSignal['request'] {
    return bodyOf(this.#payload.request);
  }

  get response(): AuditSignal['response'] {
    return bodyOf(this.#payload.response);
  }

  get metadata(): AuditSignal['metadata'] {
    return record(this.#payload.metadata);
  }

  get policyDelta(): AuditSignal['policyDelta'] {
    return (
      record(at(this.#payload, 'serviceData', 'policyDelta')) ?? record(at(this.#payload, 'metadata', 'policyDelta'))
    );
  }

  get labels(): AuditSignal['labels'] {
    this.#labels ??= strings(this.#entry.labels);
    return this.#labels;
  }

  get command(): AuditSignal['command'] {
    this.#command ??= { told: commandOf(this.labels, this.request) };
    return this.#command.told;
  }

  get partial(): boolean {
    return record(this.#entry.split) !== undefined && Number(at(this.#entry, 'split', 'totalSplits')) !== 1;
  }

  get operation(): AuditSignal['operation'] {
    const operation = record(this.#entry.operation);
    const id = bounded(operation?.id);
    return id === undefined ? undefined : { id, first: operation?.first === true, last: operation?.last === true };
  }

  get doubts(): readonly string[] {
    const unnamed = this.method === '' ? 'the entry names no method' : undefined;
    const [ofTime, ofPlace] = [this.#time().doubt, this.#place().doubt];
    if (ofTime === undefined && ofPlace === undefined && unnamed === undefined) return NO_DOUBTS;
    return [ofTime, ofPlace, unnamed].filter((doubt) => doubt !== undefined);
  }

  #time(): ReturnType<typeof timeFrom> {
    const { timestamp, receiveTimestamp, receivetimestamp } = this.#entry;
    this.#when ??= timeFrom(
      [timestamp, receiveTimestamp, receivetimestamp, this.#payload.timestamp],
      this.#context.now,
    );
    return this.#when;
  }

  #place(): ReturnType<typeof placeFrom> {
    this.#where ??= placeOf(this.#entry, this.#context);
    return this.#where;
  }

  #identity(): Identity {
    this.#who ??= identityOf(this.#payload);
    return this.#who;
  }

  #result(): Pick<AuditSignal, 'status' | 'outcome'> {
    this.#came ??= outcomeFrom(this.#payload.status, this.#payload.response);
    return this.#came;
  }
}

/** The name of the log, also as exports in small letters write it. */
export const logNameOf = (entry: Loose): string | undefined => text(entry.logName) ?? text(entry.logname);

/** insertId, timestamp and logName together name an entry; without all three, only the same body is the same event. */
const idOf = (entry: Loose): string => {
  const insertId = text(entry.insertId) ?? text(entry.insertid);
  const timestamp = text(entry.timestamp);
  const logName = logNameOf(entry);
  if (insertId === undefined || timestamp === undefined || logName === undefined) return eventId(canonical(entry));
  return eventId(insertId, timestamp, logName);
};

/** The last word on what was called, where the method is missing: `type.googleapis.com/compute.disks.setIamPolicy`. */
const requestType = (payload: Loose): string | undefined =>
  bounded(at(payload, 'request', '@type'))?.replace(/^type\.googleapis\.com\//, '');

const placeOf = (entry: Loose, context: ReadContext): ReturnType<typeof placeFrom> => {
  const labels = strings(at(entry, 'resource', 'labels'));
  const project = labels.project_id ?? /^projects\/([^/]{1,100})\/logs\//.exec(logNameOf(entry) ?? '')?.[1];
  return placeFrom({ project, location: labels.location, cluster: labels.cluster_name }, context);
};

type Identity = { principal: string | undefined; actingAs: string | undefined };

const identityOf = (payload: Loose): Identity => {
  const info = record(payload.authenticationInfo);
  const selected = boundedName(info?.authoritySelector);
  const principal =
    boundedName(info?.principalEmail) ??
    boundedName(info?.principalSubject)?.replace(/^(user|serviceAccount):/, '') ??
    // Some exports name an anonymous caller by what it was taken for alone.
    (principalClassOf(selected) === 'anonymous' ? selected : undefined);
  return { principal, actingAs: selected === principal ? undefined : selected };
};

const commandOf = (labels: Readonly<Record<string, string>>, request: Loose | undefined): AuditSignal['command'] => {
  const line = text(labels['command.gke.io/command']) ?? text(texts(request?.command).join(' '));
  return line === undefined ? undefined : { line: line.slice(0, MAX_LABEL), truncated: line.length >= MAX_LABEL };
};
