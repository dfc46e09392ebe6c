import { type Alias, type Document, type ErrorCode, LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { Malformed, sentenceOf } from './errors.ts';
import { READ_ONCE } from './read-once.ts';
import { yamlIssue } from './yaml-issue.ts';
import { offsetOfIssue } from './yaml-place.ts';

/** Plain words for errors that the parser states in terms of its own interface. */
const SAID: Readonly<Partial<Record<ErrorCode, string>>> = {
  MULTIPLE_DOCS: 'there is more than one document in it: keep one, without ---',
  DUPLICATE_KEY: 'a field stands here twice: each must be unique',
};

/** The most aliases that are expanded, so that a bomb of aliases is an error, and takes no time. */
const MAX_ALIASES = 20;

/** Errors that are told at once; more of them would be a file of another kind. */
const MAX_TOLD = 10;

/**
 * Reads a settings file as people write it; an empty text has no settings. Every error message begins with `name`.
 *
 * @throws Malformed with the line, the field and what was expected, for each field that is wrong, on lines of their
 * own; for the first thing that is wrong where the text is no YAML.
 */
export const readStrictYaml = <T>(name: string, text: string, schema: z.ZodType<T>): T => {
  const lines = new LineCounter();
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number): number => Math.max(lines.linePos(offset).line, 1);
  const [wrong] = doc.errors;
  if (wrong !== undefined)
    throw new Malformed(`${name}, line ${lineAt(wrong.pos[0])}: ${SAID[wrong.code] ?? wrong.message}`);
  const read = schema.safeParse(plainOf(name, doc, lineAt) ?? {}, READ_ONCE);
  if (read.success) return read.data;
  const wrongs = read.error.issues
    .map((issue) => ({ issue, offset: offsetOfIssue(doc, issue) }))
    .toSorted((a, b) => a.offset - b.offset)
    .map(({ issue, offset }) => {
      const field = issue.path.map(String).join('.') || 'top level';
      return `line ${lineAt(offset)}: ${field}: ${yamlIssue(schema, doc, issue)}`;
    });
  const more = wrongs.length - MAX_TOLD;
  const told = [...wrongs.slice(0, MAX_TOLD), ...(more > 0 ? [`and ${more} more`] : [])];
  throw new Malformed(`${name}, ${told.join(';\n  ')}`);
};

const plainOf = (name: string, doc: Document.Parsed, lineAt: (offset: number) => number): unknown => {
  try {
    return doc.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (thrown) {
    throw new Malformed(`${name}, line ${lineAt(offsetOfAlias(doc))}: ${sentenceOf(thrown)}`);
  }
};

/** Where the alias is that cannot be expanded: the first without an anchor, else the first of too many. */
const offsetOfAlias = (doc: Document.Parsed): number => {
  const aliases: Alias[] = [];
  visit(doc, { Alias: (_, alias) => void aliases.push(alias) });
  const alias = aliases.find((one) => one.resolve(doc) === undefined) ?? aliases[0];
  return alias?.range?.[0] ?? 0;
};
