import { ACTIONS, type Request } from '../../model/request.ts';

type Action = (typeof ACTIONS)[number];

/** The fields that narrow down what is asked for. */
const NARROWING = ['tier', 'target', 'incident', 'plan'] as const satisfies ReadonlyArray<keyof Request>;
/** The fields that add to a tier. */
const ADDING = ['stopFirst', 'investigate', 'forensics', 'sandbox', 'drain'] as const satisfies ReadonlyArray<
  keyof Request
>;
const FIELDS = [...NARROWING, ...ADDING];
type Field = (typeof FIELDS)[number];

const TAKES: Readonly<Record<Action, readonly Field[]>> = {
  contain: ['tier', 'target', 'incident', ...ADDING],
  approve: ['tier', 'incident', 'plan', ...ADDING],
  reject: ['tier', 'incident', 'plan'],
  release: ['incident'],
  close: ['incident'],
  halt: [],
  resume: [],
};

/** Whoever writes `"tier": "quarantine"` into a release, or an incident into a resume, means less than all of it. */
const WHOLE: Readonly<Partial<Record<Action, string>>> = {
  approve: 'all that the ask is for',
  reject: 'all that the ask is for',
  release: 'all that the incident holds',
  close: 'all that the incident holds',
  resume: 'all incidents',
};

const isNarrowing = (field: Field): boolean => NARROWING.some((one) => one === field);

/** The first field that says something which the action does not heed. An addition that is `false` says nothing. */
const fieldIn = (request: Request): Field | undefined =>
  FIELDS.find(
    (name) => request[name] !== undefined && request[name] !== false && !TAKES[request.action].includes(name),
  );

const takersOf = (field: Field): string => {
  const takers = ACTIONS.filter((action) => TAKES[action].includes(field));
  return `only to ${takers.join(', ').replace(/, ([^,]*)$/, ' and $1')}`;
};

/**
 * The sentence about a field that has no meaning for the action; undefined if there is none. A halt is carried out
 * whatever else it says: see `unheededIn`.
 */
export const surplusIn = (request: Request): string | undefined => {
  const { action } = request;
  const field = action === 'halt' ? undefined : fieldIn(request);
  if (field === undefined) return undefined;
  const whole = isNarrowing(field) ? WHOLE[action] : undefined;
  const why = whole === undefined ? '' : `${action} is for ${whole} and cannot be limited; `;
  return `field "${field}": ${why}it belongs ${takersOf(field)}, not to ${action}; leave it out; nothing was done`;
};

/** What a halt does not heed, in sentences for its sender: it stops everything. */
export const unheededIn = (request: Request): string[] => {
  const field = fieldIn(request);
  return field === undefined ? [] : [`field "${field}" was not heeded: a halt stops everything`];
};
