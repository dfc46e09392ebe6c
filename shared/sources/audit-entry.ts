import { at, type Loose, record } from '../kubernetes/loose.ts';
import { principalClassOf } from '../kubernetes/principals.ts';
import type { ApiCall, AuditSignal } from '../model/signal.ts';
import { bodyOf, bounded, outcomeFrom, strings, timeFrom } from './audit-fields.ts';
import { commandOf, type Identity, identityOf, idOf, placeOf, requestType } from './audit-parts.ts';
import type { ReadContext } from './source.ts';

const MAX_RESOURCE_NAME = 2048;
const NO_DOUBTS: readonly string[] = [];

/** What else is needed to read an audit log entry as a signal. */
export type AuditEntryFacts = {
  source: string;
  payload: Loose;
  context: ReadContext;
  /** Gives the Kubernetes API call of the entry, from its resource name and method. */
  callOf?: (resourceName: string | undefined, method: string) => ApiCall | undefined;
};

/**
 * An audit log entry as a signal. Each field is read only when it is used, and fields that are expensive to read are
 * kept. Nearly all entries are of calls that no rule looks at, and reading a whole entry takes twice as long as parsing
 * it.
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
  #where: ReturnType<typeof placeOf> | undefined;
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

  #place(): ReturnType<typeof placeOf> {
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
