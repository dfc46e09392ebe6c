import type { PlanOptions } from '../../model/decision.ts';
import type { Tier } from '../../model/ids.ts';
import type { Incident } from '../../model/incident.ts';
import { HALT_ID } from '../../model/records.ts';
import type { Request } from '../../model/request.ts';
import { type Time, timeOf } from '../../model/time.ts';
import type { DecidePorts, IdentityVerifier } from '../../ports.ts';
import { momentText } from '../../views/time.ts';
import type { Rules } from '../decide-tier.ts';
import { lackOfProof, type Operator } from '../operators.ts';

/**
 * A request that was read and is not stale. `at`: when it was made, as it says itself, but never later than `seenAt`.
 * `seenAt`: when it was first seen, by our clock.
 */
export type Asked = { id: string; at: Time; seenAt: Time; request: Request; operator: Operator };

/** The outcome of a request, in one sentence for its sender. */
export type Outcome = { state: 'accepted' | 'refused'; outcome: string; incident?: string };

/** `verifier`: proves who sent a request; without it everybody is who they claim to be. */
export type OperatePorts = DecidePorts & Rules & { verifier?: IdentityVerifier };

/** Judges one action and, if it is accepted, carries it into the documents. The caller publishes. */
export type Judged = (ports: OperatePorts, asked: Asked) => Promise<Outcome>;

/** Why this operator needs a proof of identity to ask for these; undefined if they may ask. */
export const unprovenFor = (
  ports: OperatePorts,
  { operator }: Pick<Asked, 'operator'>,
  ...what: Array<Request['action'] | Tier>
): string | undefined => lackOfProof(ports.policy, operator, what, ports.verifier !== undefined);

/** A refusal: the sentence says what is wrong, where, and what to do. Nothing was changed. */
export const refuse = (outcome: string, incident?: string): Outcome => ({
  state: 'refused',
  outcome,
  ...(incident === undefined ? {} : { incident }),
});

/** An acceptance: the sentence says what begins. `incident`: the id of the incident that it is carried into. */
export const accept = (outcome: string, incident?: string): Outcome => ({
  state: 'accepted',
  outcome,
  ...(incident === undefined ? {} : { incident }),
});

const KEPT = 20;

/** The incident with a request noted as carried in, with the answer to its sender. */
export const withRequest = (incident: Incident, id: string, outcome: string): Incident => ({
  ...incident,
  requests: [...(incident.requests ?? []), { id, outcome }].slice(-KEPT),
});

/** The answer to a request that was carried into the document, even if its sender has not got it yet. */
export const carriedIn = (incident: Incident, id: string): string | undefined =>
  incident.requests?.find((r) => r.id === id)?.outcome;

/** The incident without its open ask, because it was answered or the incident was ended. */
export const withoutAsk = (incident: Incident): Incident => {
  if (incident.decision?.asked === undefined) return incident;
  const { asked: _, ...decision } = incident.decision;
  return { ...incident, decision };
};

/** The optional steps that a request asks for. */
export const optionsOf = ({ investigate, forensics, sandbox, drain }: Request): PlanOptions => ({
  ...(investigate === true ? { investigate } : {}),
  ...(forensics === true ? { forensics } : {}),
  ...(sandbox === true ? { sandbox } : {}),
  ...(drain === true ? { drain } : {}),
});

/** Why a halt forbids to begin anything; undefined if none holds. If unreadable: Transient, and the request waits. */
export const haltOf = async ({ stores }: OperatePorts): Promise<string | undefined> => {
  const halt = await stores.halts.get(HALT_ID);
  return halt?.halted === true
    ? `everything is halted by ${halt.by} since ${momentText(halt.at)} (${halt.reason}): resume first`
    : undefined;
};

/** The time of our own clock, as documents have it. */
export const nowOf = ({ clock }: OperatePorts): Time => timeOf(clock.now());
