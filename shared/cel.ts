import { createRequire } from 'node:module';
import type { Environment, ParseResult } from '@marcbachmann/cel-js';
import { matchesGlob } from './decision/glob.ts';
import { sentenceOf } from './errors.ts';

/** The types of variables; `map<string, dyn>` is for foreign bodies, which may contain anything. */
export type CelType =
  | 'int'
  | 'double'
  | 'bool'
  | 'string'
  | 'list<string>'
  | 'map<string, string>'
  | 'map<string, dyn>';

/** Conditions over given variables. They are checked when they are read, and evaluated from the values alone. */
export type Cel = {
  /** Why a text is no condition: it does not parse, uses an unknown name, is not of type bool, or may take for ever. */
  problemOf(text: string): string | undefined;
  /** The texts that a valid condition compares a variable with, by `==`, `!=` or `in [...]`. */
  textsFor(text: string, variable: string): string[];
  /**
   * Whether a condition holds. The answer depends on the values alone. A condition that cannot be evaluated (an index
   * that is not there) does not hold, and `problem` says why.
   */
  evaluate(text: string, values: Readonly<Record<string, unknown>>): { holds: boolean; problem?: string };
};

/** Limits small enough that no condition takes long, and large enough for any that a person can read. */
const LIMITS = { maxAstNodes: 300, maxDepth: 24, maxListElements: 100, maxMapEntries: 100, maxCallArguments: 8 };

/** A regular expression could take for ever on a name that the attacker chose. */
const REFUSED = 'matches';
/** Functions that look at every element of a list; each that is nested in another multiplies the time. */
const LOOPS = ['exists', 'exists_one', 'all', 'map', 'filter'];
const MAX_LOOPS = 2;

/**
 * Loads the library, at the first condition only: most deployments have none. Not by `import()`, since conditions are
 * checked in code that is not async.
 */
const library = (): typeof import('@marcbachmann/cel-js') => createRequire(import.meta.url)('@marcbachmann/cel-js');

/** Makes the environment of conditions. `constants`: integers. `name.like('a*')` matches as policy patterns do. */
export const makeCel = (
  variables: Readonly<Record<string, CelType>>,
  constants: ReadonlyArray<readonly [name: string, value: number]> = [],
): Cel => {
  let made: Environment | undefined;
  const environment = (): Environment => {
    made ??= environmentOf(variables, constants);
    return made;
  };
  const parsed = new Map<string, ParseResult>();

  const parse = (text: string): ParseResult => {
    const made = parsed.get(text) ?? environment().parse(text);
    parsed.set(text, made);
    return made;
  };

  return {
    problemOf: (text) => {
      const { valid, type, error } = environment().check(text);
      if (!valid) return `not a condition in CEL: ${summaryOf(error)}${lineOf(text, error)}`;
      if (type !== 'bool') return `a condition must come to true or false, and this comes to ${type ?? 'nothing'}`;
      const { ast } = environment().parse(text);
      if (callsIn(ast, [REFUSED]) > 0)
        return `${REFUSED} is not offered, since a pattern may take for ever: use like with *, startsWith, endsWith, contains or ==`;
      return callsIn(ast, LOOPS) > MAX_LOOPS
        ? `lists are looked through within each other more than ${MAX_LOOPS} deep, which may take for ever`
        : undefined;
    },
    textsFor: (text, variable) => [...new Set(textsIn(environment().parse(text).ast, variable))],
    evaluate: (text, values) => {
      try {
        const known = Object.entries(variables).map(([name, type]) => [name, celValueOf(values[name], type)]);
        return { holds: parse(text)(Object.fromEntries(known)) === true };
      } catch (thrown) {
        return { holds: false, problem: summaryOf(thrown) };
      }
    },
  };
};

const environmentOf = (
  variables: Readonly<Record<string, CelType>>,
  constants: ReadonlyArray<readonly [name: string, value: number]>,
): Environment => {
  const { Environment } = library();
  const environment = new Environment({ unlistedVariablesAreDyn: false, limits: LIMITS });
  for (const [name, type] of Object.entries(variables)) environment.registerVariable(name, type);
  for (const [name, value] of constants) environment.registerConstant(name, 'int', BigInt(value));
  environment.registerFunction('string.like(string): bool', (name: string, glob: string) => matchesGlob(glob, name));
  return environment;
};

type Node = { op: unknown; args: unknown };
const isNode = (node: unknown): node is Node =>
  typeof node === 'object' && node !== null && 'op' in node && 'args' in node;

/** How deep calls of these functions are nested. */
const callsIn = (node: unknown, names: readonly string[]): number => {
  if (Array.isArray(node)) return Math.max(0, ...node.map((one) => callsIn(one, names)));
  if (!isNode(node)) return 0;
  const { op, args } = node;
  const isCall = (op === 'call' || op === 'rcall') && Array.isArray(args) && names.some((name) => name === args[0]);
  return callsIn(args, names) + (isCall ? 1 : 0);
};

const COMPARISONS: readonly unknown[] = ['==', '!=', 'in'];

const textsIn = (node: unknown, variable: string): string[] => {
  if (Array.isArray(node)) return node.flatMap((one) => textsIn(one, variable));
  if (!isNode(node)) return [];
  const { op, args } = node;
  const sides = COMPARISONS.includes(op) && Array.isArray(args) ? args.filter(isNode) : [];
  const isAbout = sides.some((side) => side.op === 'id' && side.args === variable);
  return [...textsIn(args, variable), ...(isAbout ? sides.flatMap(constantsOf) : [])];
};

/** The text that a node is, or the texts of the list that it is. */
const constantsOf = ({ op, args }: Node): string[] => {
  if (op === 'list' && Array.isArray(args)) return args.filter(isNode).flatMap(constantsOf);
  return op === 'value' && typeof args === 'string' ? [args] : [];
};

const celValueOf = (value: unknown, type: CelType): unknown => (type === 'int' ? BigInt(Number(value)) : value);

const summaryOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'summary' in thrown ? String(thrown.summary) : sentenceOf(thrown);

const lineOf = (text: string, thrown: unknown): string => {
  const range: unknown = typeof thrown === 'object' && thrown !== null && 'range' in thrown ? thrown.range : undefined;
  const start = typeof range === 'object' && range !== null && 'start' in range ? Number(range.start) : Number.NaN;
  const line = text.slice(0, start).split('\n').length;
  return Number.isNaN(start) || line === 1 ? '' : `, line ${line} of the condition`;
};
