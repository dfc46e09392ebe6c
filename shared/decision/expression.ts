import { Environment, type ParseResult } from '@marcbachmann/cel-js';
import { sentenceOf } from '../errors.ts';
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

/** Small enough that no condition takes long, large enough for any that a person can read. */
const LIMITS = { maxAstNodes: 300, maxDepth: 24, maxListElements: 100, maxMapEntries: 100, maxCallArguments: 8 };

const constantsOf = (names: readonly string[]): Array<[name: string, rank: number]> =>
  names.map((name, rank) => [name.toUpperCase().replaceAll('-', '_'), rank]);

const CONSTANTS = [...constantsOf(SEVERITIES), ...constantsOf(TIERS)];

const environment = new Environment({ unlistedVariablesAreDyn: false, limits: LIMITS });
for (const [name, type] of Object.entries(VARIABLES)) environment.registerVariable(name, type);
for (const [name, rank] of CONSTANTS) environment.registerConstant(name, 'int', BigInt(rank));

/** A regular expression of the policy's could take for ever on a name of the attacker's. */
const REFUSED = 'matches';

const calls = (node: unknown): boolean => {
  if (Array.isArray(node)) return node.some(calls);
  if (typeof node !== 'object' || node === null || !('op' in node) || !('args' in node)) return false;
  const { op, args } = node;
  const isCall = (op === 'call' || op === 'rcall') && Array.isArray(args) && args[0] === REFUSED;
  return isCall || calls(args);
};

const summaryOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'summary' in thrown ? String(thrown.summary) : sentenceOf(thrown);

const lineOf = (text: string, thrown: unknown): string => {
  const range: unknown = typeof thrown === 'object' && thrown !== null && 'range' in thrown ? thrown.range : undefined;
  const start = typeof range === 'object' && range !== null && 'start' in range ? Number(range.start) : Number.NaN;
  const line = text.slice(0, start).split('\n').length;
  return Number.isNaN(start) || line === 1 ? '' : `, line ${line} of the condition`;
};

/** Why a text is no condition: it does not parse, names what there is not, or does not come to true or false. */
export const problemOf = (text: string): string | undefined => {
  const { valid, type, error } = environment.check(text);
  if (!valid) return `not a condition in CEL: ${summaryOf(error)}${lineOf(text, error)}`;
  if (type !== 'bool') return `a condition must come to true or false, and this comes to ${type ?? 'nothing'}`;
  return calls(environment.parse(text).ast)
    ? `${REFUSED} is not offered, since a pattern may take for ever: use startsWith, endsWith, contains or ==`
    : undefined;
};

const parsed = new Map<string, ParseResult>();

const parse = (text: string): ParseResult => {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const made = environment.parse(text);
  parsed.set(text, made);
  return made;
};

const celValueOf = (fact: Facts[keyof Facts], type: string): unknown => (type === 'int' ? BigInt(Number(fact)) : fact);

/**
 * Whether a condition holds for these facts: the same answer for the same input, and nothing else is touched. One that
 * cannot be answered (an index that is not there) does not hold, and `problem` says why.
 */
export const evaluateCondition = (text: string, facts: Facts): { holds: boolean; problem?: string } => {
  const values = Object.fromEntries(
    Object.entries(VARIABLES).map(([name, type]) => [name, celValueOf(Reflect.get(facts, name), type)]),
  );
  try {
    return { holds: parse(text)(values) === true };
  } catch (thrown) {
    return { holds: false, problem: summaryOf(thrown) };
  }
};
