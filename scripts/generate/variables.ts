import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@cdktf/hcl2json';
import { z } from 'zod';
import { spaced } from '../../shared/text.ts';
import { ROOT } from '../steps.ts';
import { type Files, GENERATED_NOTE, markdownTable } from './files.ts';

const block = z.looseObject({
  description: z.string(),
  type: z.string().optional(),
  default: z.json().optional(),
});
const blocks = z.record(z.string(), z.tuple([block]));
const file = z.looseObject({ variable: blocks.optional(), output: blocks.optional() });

const read = async (name: string) => file.parse(await parse(name, readFileSync(join(ROOT, 'terraform', name), 'utf8')));

/** An expression from the file, on one line. */
const written = (expression: string): string =>
  expression
    .replace(/^\$\{([\s\S]*)\}$/, '$1')
    .replace(/\{\s*\n\s*/g, '{ ')
    .replace(/\s*\n\s*\}/g, ' }')
    .replace(/\n\s*/g, ', ')
    .replace(/\s+/g, ' ')
    .trim();

const defaultOf = (one: z.infer<typeof block>): string => {
  if (!('default' in one)) return 'must be given';
  return one.default === null ? '' : `\`${JSON.stringify(one.default)}\``;
};

/** `docs/terraform.md`: the variables and outputs that the module's files declare. */
export const variableFiles = async (): Promise<Files> => {
  const [{ variable = {} }, { output = {} }] = await Promise.all([read('variables.tf'), read('outputs.tf')]);
  const text = [
    GENERATED_NOTE,
    '',
    '# The Terraform module',
    '',
    '[deploy.md](deploy.md) is the guide to a deployment. The plan refuses a configuration that cannot work, with a sentence.',
    '',
    '## Variables',
    '',
    ...Object.entries(variable).flatMap(([name, [one]]) => [
      `### ${name}`,
      '',
      spaced(one.description),
      '',
      `- type: \`${written(one.type ?? 'any')}\``,
      ...(defaultOf(one) === '' ? [] : [`- ${'default' in one ? 'default: ' : ''}${defaultOf(one)}`]),
      '',
    ]),
    '## Outputs',
    '',
    markdownTable(
      ['output', 'what it is'],
      Object.entries(output).map(([name, [one]]) => [`\`${name}\``, spaced(one.description)]),
    ),
    '',
  ];
  return new Map([['docs/terraform.md', text.join('\n')]]);
};
