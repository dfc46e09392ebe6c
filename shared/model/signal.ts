import type { CpuSignal } from './cpu-signal.ts';
import type { LogMatchSignal } from './log-match-signal.ts';
import type { ThreatSignal } from './threat-signal.ts';
import type { Time } from './time.ts';

/** Where a signal comes from: names that passed the platform's grammar, so that they may stand in a target. */
export type Place = { project: string; location?: string; cluster?: string };

/**
 * What a principal is by its name, which the server asserts: it grants nothing by itself. `unattributed` is a bare
 * name that we do not know, and no name at all.
 */
export const PRINCIPAL_CLASSES = ['system', 'automation', 'workload', 'human', 'anonymous', 'unattributed'] as const;
export type PrincipalClass = (typeof PRINCIPAL_CLASSES)[number];

/** A call to the Kubernetes API. Names are as they came; `group` is `core` for the one without a name. */
export type ApiCall = {
  group: string;
  version: string;
  resource: string;
  /** `exec`, `status`, `proxy`, ...; `rest` is what follows it in the path. */
  subresource?: string | undefined;
  rest?: string | undefined;
  /** In small letters; `get` of `exec` is an exec over WebSocket. */
  verb: string;
  namespace?: string | undefined;
  /** Absent where a create leaves the name to the server. */
  name?: string | undefined;
};

/**
 * One call that an audit log tells of, in our own words: to a Kubernetes API, or (without `call`) to a Google Cloud API.
 * Strings are foreign unless said otherwise: compare them, and quote them before they are shown. A source may read a field
 * when it is asked for: so a signal is never copied by spreading it.
 */
export type AuditSignal = {
  kind: 'audit';
  /** Id of the source that read it. */
  source: string;
  /** The same for every delivery of the same event: 32 hex digits. */
  event: string;
  at: Time;
  /** Empty, as `method`, where the entry does not tell. */
  service: string;
  method: string;
  /** What was acted on, as the service writes it: bounded, else untouched. */
  resourceName?: string | undefined;
  call?: ApiCall | undefined;
  place: Place;
  principal?: string | undefined;
  principalClass: PrincipalClass;
  /** The identity that `principal` took on, where the entry tells of one. */
  actingAs?: string | undefined;
  callerIp?: string | undefined;
  userAgent?: string | undefined;
  /** gRPC status; 0 is OK. 7 is a refusal by whomever: RBAC, admission, quota. */
  status: { code: number; message?: string };
  /** `denied`: refused by authentication, authorization, admission or quota; `failed`: any other error. */
  outcome: 'ok' | 'denied' | 'failed';
  /** The authorizer's answer, where the entry has it: a denied call that was allowed was refused by admission. */
  authorization?: { decision: string; reason: string } | undefined;
  request?: Readonly<Record<string, unknown>> | undefined;
  response?: Readonly<Record<string, unknown>> | undefined;
  /** What the service adds of its own, such as the keys of metadata that were changed. */
  metadata?: Readonly<Record<string, unknown>> | undefined;
  /** What a change of an access policy gave and took: `bindingDeltas`, `auditConfigDeltas`. */
  policyDelta?: Readonly<Record<string, unknown>> | undefined;
  labels: Readonly<Record<string, string>>;
  /** What an exec asked to run, its words joined by spaces. */
  command?: { line: string; truncated: boolean } | undefined;
  /** Part of an entry that was split because of its size: what it does not show may be in another part. */
  partial: boolean;
  operation?: { id: string; first: boolean; last: boolean } | undefined;
  /** What could not be read, in sentences that go into the finding. */
  doubts: readonly string[];
};

/** A foreign payload read once. */
export type Signal = AuditSignal | CpuSignal | LogMatchSignal | ThreatSignal;
