import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_POLICY, readPolicy } from '../../shared/decision/policy.ts';
import { ROOT } from '../steps.ts';
import { type Files, GENERATED_NOTE, markdownTable } from './files.ts';

/** The settings in a value, each with its path; a list is one setting. */
const leaves = (value: unknown, path: string): Array<[path: string, value: unknown]> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
    ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`))
    : [[path, value]];

const shown = (value: unknown): string =>
  value === undefined ? '' : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

/** `docs/defaults.md`: every setting of the policy, with its shipped value and its default. */
export const defaultsFiles = (): Files => {
  const shipped = new Map(leaves(readPolicy(readFileSync(join(ROOT, 'config/policy.yaml'), 'utf8')).policy, ''));
  const defaults = new Map(leaves(DEFAULT_POLICY, ''));
  const names = [...new Set([...defaults.keys(), ...shipped.keys()])];
  const table = markdownTable(
    ['setting', 'in `config/policy.yaml` as shipped', 'if a policy file leaves it out'],
    names.map((name) => {
      const [asShipped, leftOut] = [shown(shipped.get(name)), shown(defaults.get(name))];
      return [`\`${name}\``, asShipped, asShipped === leftOut ? 'the same' : leftOut];
    }),
  );
  const text = [
    GENERATED_NOTE,
    '',
    '# Defaults',
    '',
    '[config/policy.yaml](../config/policy.yaml) explains each setting.',
    '',
    table,
    '',
  ];
  return new Map([['docs/defaults.md', text.join('\n')]]);
};
