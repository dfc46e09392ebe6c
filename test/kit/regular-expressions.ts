import { globSync, readFileSync } from 'node:fs';
import { parse } from 'acorn';
import { transformSync } from 'esbuild';
import { ROOT } from '../../scripts/steps.ts';

/** A regular expression literal and its file. */
export type Written = { file: string; regex: RegExp };

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const literalsIn = (node: unknown): RegExp[] => {
  if (Array.isArray(node)) return node.flatMap(literalsIn);
  if (!isObject(node)) return [];
  if (node.type === 'Literal' && node.value instanceof RegExp) return [node.value];
  return Object.values(node).flatMap(literalsIn);
};

/** Every regular expression literal in the files. */
export const writtenIn = (...patterns: string[]): Written[] =>
  globSync(patterns, { cwd: ROOT })
    .toSorted()
    .flatMap((file) => {
      const { code } = transformSync(readFileSync(`${ROOT}/${file}`, 'utf8'), { loader: 'ts' });
      const tree = parse(code, { ecmaVersion: 'latest', sourceType: 'module' });
      return literalsIn(tree).map((regex) => ({ file, regex }));
    });

const CHARACTERS = [
  'a',
  'A',
  '0',
  ' ',
  '\t',
  '-',
  '.',
  '/',
  ':',
  '_',
  '=',
  '"',
  "'",
  '\\',
  '%',
  '(',
  '<',
  '&',
  '|',
  ';',
];

/** Texts of about this length that begin to match everywhere but never match: parts of the expression, repeated. */
export const hostileTexts = ({ source }: RegExp, length: number): string[] => {
  const words = [...new Set(source.match(/[A-Za-z0-9-]{2,}/g) ?? [])].slice(0, 8);
  const joined = words.flatMap((word) => [' ', '-', '/', '.'].map((character) => `${word}${character}`));
  const pairs = ['-a', '.a', ' a', '/a', '0a', 'a ', '\\"', '--'];
  return [...CHARACTERS, ...words, ...joined, ...pairs].map(
    (part) => `${part.repeat(Math.ceil(length / part.length)).slice(0, length)}\u0000`,
  );
};

const LINEAR = /[^\u0000-\uffff]/;

const timed = (regex: RegExp, text: string): number => {
  const began = process.cpuUsage();
  for (const _ of text.matchAll(regex.global ? regex : new RegExp(regex, `${regex.flags}g`)));
  const { user, system } = process.cpuUsage(began);
  return user + system;
};

/** The time for the expression's worst text relative to one linear pass over that text, and the start of that text. */
export const worstRatio = (regex: RegExp, length: number): { ratio: number; text: string } => {
  let worst = { ratio: 0, text: '' };
  for (const text of hostileTexts(regex, length)) {
    let took = timed(regex, text);
    // Measured again, since the time includes whatever else the machine did.
    for (let again = 0; again < 3 && took > 2000; again += 1) took = Math.min(took, timed(regex, text));
    const pass = length / 2000 + timed(LINEAR, text) / 10;
    if (took / pass > worst.ratio) worst = { ratio: took / pass, text: text.slice(0, 12) };
  }
  return worst;
};
