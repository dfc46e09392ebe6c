import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../steps.ts';
import type { Package } from './packages.ts';

const FILES = /^(licen[cs]e|copying|notice)([.-].*)?$/i;
const RULE = `\n\n${'-'.repeat(80)}\n\n`;
const NO_FILE = 'The package comes without the text of its licence.';

const textOf = ({ path }: Package): string => {
  const folder = join(ROOT, path);
  const files = readdirSync(folder)
    .filter((name) => FILES.test(name))
    .sort();
  const texts = files.map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim());
  return texts.length === 0 ? NO_FILE : texts.join('\n\n');
};

/** The licences of packages whose code is in a built file, as they ask for. Each text stands there once. */
export const licencesOf = (packages: readonly Package[]): string => {
  const byText = new Map<string, string[]>();
  for (const one of packages) {
    const text = textOf(one);
    byText.set(text, [...(byText.get(text) ?? []), `${one.name} ${one.version} (${one.license})`]);
  }
  const sections = [...byText].map(([text, names]) => `${[...new Set(names)].join('\n')}\n\n${text}`);
  return `${['This file has code of the packages below.', ...sections].join(RULE)}\n`;
};
