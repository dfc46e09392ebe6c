import { makeCel } from '../cel.ts';
import { SEVERITIES, TIERS } from '../model/ids.ts';

/** The variables of a condition in CEL. Ranks can be compared: `severity >= HIGH`, `tier >= DELETE_WORKLOAD`. */
const VARIABLES = {
  severity: 'int',
  confidence: 'double',
  tier: 'int',
  conclusive: 'bool',
  findings: 'int',
  families: 'list<string>',
  rules: 'list<string>',
  principals: 'list<string>',
  project: 'string',
  location: 'string',
  cluster: 'string',
  namespaces: 'list<string>',
  workloads: 'list<string>',
  pods: 'int',
  nodes: 'int',
  hostReach: 'bool',
} as const;

type TypeOf = { int: number; double: number; bool: boolean; string: string; 'list<string>': readonly string[] };

/** The values of the variables. `severity` and `tier` are ranks; `severity` is -1 for an incident without findings. */
export type Facts = { [Name in keyof typeof VARIABLES]: TypeOf[(typeof VARIABLES)[Name]] };

const constantsOf = (names: readonly string[]): Array<[name: string, rank: number]> =>
  names.map((name, rank) => [name.toUpperCase().replaceAll('-', '_'), rank]);

const CEL = makeCel(VARIABLES, [...constantsOf(SEVERITIES), ...constantsOf(TIERS)]);

/** Why a text is not a valid condition: it does not parse, names an unknown variable, or its result is no boolean. */
export const problemOf = (text: string): string | undefined => CEL.problemOf(text);

/**
 * Whether a condition holds for these facts. Deterministic and without side effects. A condition that cannot be
 * evaluated (such as an index out of range) does not hold, and `problem` says why.
 */
export const evaluateCondition = (text: string, facts: Facts): { holds: boolean; problem?: string } =>
  CEL.evaluate(text, facts);
