import { makeCel } from '../cel.ts';
import { SEVERITIES, TIERS } from '../model/ids.ts';

/** What a condition in CEL may ask of an incident. Ranks compare: `severity >= HIGH`, `tier >= DELETE_WORKLOAD`. */
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

/** The values of the variables. `severity` and `tier` are ranks; -1 where nothing but a request speaks. */
export type Facts = { [Name in keyof typeof VARIABLES]: TypeOf[(typeof VARIABLES)[Name]] };

const constantsOf = (names: readonly string[]): Array<[name: string, rank: number]> =>
  names.map((name, rank) => [name.toUpperCase().replaceAll('-', '_'), rank]);

const CEL = makeCel(VARIABLES, [...constantsOf(SEVERITIES), ...constantsOf(TIERS)]);

/** Why a text is no condition: it does not parse, names what there is not, or does not come to true or false. */
export const problemOf = (text: string): string | undefined => CEL.problemOf(text);

/**
 * Whether a condition holds for these facts: the same answer for the same input, and nothing else is touched. One that
 * cannot be answered (an index that is not there) does not hold, and `problem` says why.
 */
export const evaluateCondition = (text: string, facts: Facts): { holds: boolean; problem?: string } =>
  CEL.evaluate(text, facts);
