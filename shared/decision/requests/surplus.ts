import type { ACTIONS, Request } from '../../model/request.ts';

type Action = (typeof ACTIONS)[number];

/** The fields that narrow down what is asked for. */
const NARROWING = ['tier', 'target', 'incident', 'plan'] as const satisfies ReadonlyArray<keyof Request>;
type Field = (typeof NARROWING)[number];

/**
 * Those that an action takes. A halt takes any, because it stops everything whatever else it says. `contain` says
 * itself what it does not take.
 */
const TAKES: Readonly<Record<Action, readonly Field[]>> = {
  contain: NARROWING,
  approve: ['incident', 'plan', 'tier'],
  reject: ['incident', 'plan', 'tier'],
  release: ['incident'],
  close: ['incident'],
  halt: NARROWING,
  resume: [],
};

/**
 * The sentence about a field that would narrow down an action which cannot be narrowed down; undefined if there is
 * none. Whoever writes `"tier": "quarantine"` into a release, or an incident into a resume, means less than all of it.
 */
export const surplusIn = (request: Request): string | undefined => {
  const { action } = request;
  const field = NARROWING.find((name) => request[name] !== undefined && !TAKES[action].includes(name));
  if (field === undefined) return undefined;
  const whole = action === 'resume' ? 'all incidents' : 'all that the incident holds';
  return `field "${field}": ${action} is for ${whole} and cannot be limited; leave it out if that is meant; nothing was done`;
};
