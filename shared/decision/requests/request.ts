import type { PlanOptions } from '../../model/decision.ts';
import type { Tier } from '../../model/ids.ts';
import type { Incident } from '../../model/incident.ts';
import type { Request } from '../../model/request.ts';
import { type Time, timeOf } from '../../model/time.ts';
import type { DecidePorts, IdentityVerifier } from '../../ports.ts';
import type { Rules } from '../decide-tier.ts';
import { lackOfProof, type Operator } from '../operators.ts';

/**
 * A request that was read and is not stale. `at` is when it was made, by its own word: never later than `seenAt`, when it was
 * first seen, by ours.
 */
export type Asked = { id: string; at: Time; seenAt: Time; request: Request; operator: Operator };

/** What became of a request, in one sentence for its sender. */
export type Outcome = { state: 'accepted' | 'refused'; outcome: string; incident?: string };

/** `verifier`: proves who sent a request; without it everybody is who they claim to be. */
export type OperatePorts = DecidePorts & Rules & { verifier?: IdentityVerifier };

/** Judges one action and, where it is accepted, carries it into the documents; publishing is the caller's. */
export type Judged = (ports: OperatePorts, asked: Asked) => Promise<Outcome>;

/** Why this operator may not ask for these; undefined where they may. */
export const unprovenFor = (
  ports: OperatePorts,
  { operator }: Pick<Asked, 'operator'>,
  ...what: Array<Request['action'] | Tier>
): string | undefined => lackOfProof(ports.policy, operator, what, ports.verifier !== undefined);

/** A no: what, where, what to do. Nothing was touched. */
export const refuse = (outcome: string, incident?: string): Outcome => ({
  state: 'refused',
  outcome,
  ...(incident === undefined ? {} : { incident }),
});

export const accept = (outcome: string, incident?: string): Outcome => ({
  state: 'accepted',
  outcome,
  ...(incident === undefined ? {} : { incident }),
});

const KEPT = 20;

/** The incident with a request noted as carried in, and what its sender is answered. */
export const withRequest = (incident: Incident, id: string, outcome: string): Incident => ({
  ...incident,
  requests: [...(incident.requests ?? []), { id, outcome }].slice(-KEPT),
});

/** The answer of a request that was carried into a document, though its sender may not have been answered yet. */
export const carriedIn = (incident: Incident, id: string): string | undefined =>
  incident.requests?.find((r) => r.id === id)?.outcome;

/** The decision without its ask: whoever has ended or answered it is asked no more. */
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

/** Why nothing may be begun now; undefined where it may. What cannot be read is Transient, and the request waits. */
export const haltOf = async ({ stores }: OperatePorts): Promise<string | undefined> => {
  const halt = await stores.halts.get('halt');
  return halt?.halted === true
    ? `everything is halted by ${halt.by} since ${halt.at} (${halt.reason}): resume first`
    : undefined;
};

export const nowOf = ({ clock }: OperatePorts): Time => timeOf(clock.now());
