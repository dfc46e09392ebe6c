import type { CpuSignal } from './cpu-signal.ts';
import type { LogMatchSignal } from './log-match-signal.ts';
import type { ThreatSignal } from './threat-signal.ts';
import type { Time } from './time.ts';

/** Where a signal comes from. The names were checked against the platform's grammar and may be used in a target. */
export type Place = { project: string; location?: string; cluster?: string };

/**
 * The kind of a principal, derived from its name, which the server asserts. A class grants nothing by itself.
 * `unattributed`: a bare name that we do not know, or no name at all.
 */
export const PRINCIPAL_CLASSES = ['system', 'automation', 'workload', 'human', 'anonymous', 'unattributed'] as const;
export type PrincipalClass = (typeof PRINCIPAL_CLASSES)[number];

/** What became of a call. `denied`: refused by authentication, authorization, admission or quota; `failed`: any other error. */
export const OUTCOMES = ['ok', 'denied', 'failed'] as const;
type Outcome = (typeof OUTCOMES)[number];

/** A call to the Kubernetes API. Names are unchanged from the entry; `group` is `core` for the group without a name. */
export type ApiCall = {
  group: string;
  version: string;
  resource: string;
  /** `exec`, `status`, `proxy`, ...; `rest` is the part of the path after it. */
  subresource?: string | undefined;
  rest?: string | undefined;
  /** In lower case. `get` of the subresource `exec` is an exec over WebSocket. */
  verb: string;
  namespace?: string | undefined;
  /** Absent where a create leaves the name to the server. */
  name?: string | undefined;
};

/**
 * One call that an audit log reports, in our own shape: to a Kubernetes API, or (without `call`) to a Google Cloud API.
 * Strings are foreign unless said otherwise: compare them, and quote them before they are shown. A source may read a
 * field only when it is accessed, so never copy a signal by spreading it.
 */
export type AuditSignal = {
  kind: 'audit';
  /** Id of the source that read it. */
  source: string;
  /** The same for every delivery of the same event: 32 hex digits. */
  event: string;
  at: Time;
  /** `service` and `method` are empty if the entry does not name them. */
  service: string;
  method: string;
  /** The resource that was acted on, as the service writes it: limited in length, otherwise unchanged. */
  resourceName?: string | undefined;
  call?: ApiCall | undefined;
  place: Place;
  principal?: string | undefined;
  principalClass: PrincipalClass;
  /** The identity that `principal` impersonated, if the entry names one. */
  actingAs?: string | undefined;
  callerIp?: string | undefined;
  userAgent?: string | undefined;
  /** gRPC status. 0 is OK. 7 is a refusal by any authority: RBAC, admission, quota. */
  status: { code: number; message?: string };
  outcome: Outcome;
  /** The authorizer's answer, if the entry has it. If it allowed a denied call, admission refused the call. */
  authorization?: { decision: string; reason: string } | undefined;
  request?: Readonly<Record<string, unknown>> | undefined;
  response?: Readonly<Record<string, unknown>> | undefined;
  /** The call asked for a dry run. Only some sources tell. */
  dryRun?: true | undefined;
  /** Data that is specific to the service, such as the keys of metadata that were changed. */
  metadata?: Readonly<Record<string, unknown>> | undefined;
  /** What a change of an access policy added and removed: `bindingDeltas`, `auditConfigDeltas`. */
  policyDelta?: Readonly<Record<string, unknown>> | undefined;
  labels: Readonly<Record<string, string>>;
  /** The command of an exec, its words joined by spaces. */
  command?: { line: string; truncated: boolean } | undefined;
  /** The signal is one part of an entry that was split because of its size. What is missing may be in another part. */
  partial: boolean;
  operation?: { id: string; first: boolean; last: boolean } | undefined;
  /** What could not be read, in sentences that go into the finding. */
  doubts: readonly string[];
};

/** A foreign payload, read once into our own shape. */
export type Signal = AuditSignal | CpuSignal | LogMatchSignal | ThreatSignal;
