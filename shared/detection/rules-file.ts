import { z } from 'zod';
import { networkAround, rangeOf } from '../addresses.ts';
import { isLabelName } from '../kubernetes/names.ts';
import { FAMILIES, SEVERITIES } from '../model/ids.ts';
import { readStrictYaml } from '../strict-yaml.ts';
import { quote } from '../text.ts';
import { ruleOf } from './registry.ts';
import { CONDITIONS } from './signal-facts.ts';
import { unknownWord } from './unknown-word.ts';

const sentence = z.string().trim().min(1).max(300);
const confidence = z.number().min(0).max(1);
const ruleId = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'expected a name such as exec-by-contractor');
const glob = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[A-Za-z0-9._%+:@/#[\]*-]+$/, 'expected a name, or a pattern with *');

const DAY = /^\d{4}-\d\d-\d\d$/;
const expiry = z.string().refine((text) => DAY.test(text) && !Number.isNaN(Date.parse(text)), {
  message: 'expected a day such as 2026-12-31',
});

const OCTAL = /(?:^|[.:])0\d+\.|\.0\d/;

/** What is wrong with an entry of a list of addresses; undefined if nothing is. */
const listingProblem = (text: string): string | undefined => {
  if (networkAround(text) === undefined || text.includes('%'))
    return `expected an address, or a range such as 203.0.113.0/24, not ${quote(text, 60)}`;
  if (OCTAL.test(text))
    return `${quote(text, 60)} has a number that begins with 0, which some read as octal: leave out the 0`;
  return rangeOf(text) === undefined
    ? `${quote(text, 60)} has bits beyond its prefix: give the first address of the range, or leave out the prefix`
    : undefined;
};

/** A list of addresses that are known for something, such as exits of Tor. */
const list = z.strictObject({
  name: z.string().refine(isLabelName, { message: 'expected a name such as tor-exits' }),
  addresses: z
    .array(
      z.string().superRefine((text, context) => {
        const message = listingProblem(text);
        if (message !== undefined) context.addIssue({ code: 'custom', message });
      }),
    )
    .max(50_000),
});

/**
 * Whether a filter is closed in itself. It becomes a part of the filter of the sink, whose meaning one bracket too many
 * or a comment would change.
 */
const isClosed = (filter: string): boolean => {
  const bare = filter.replace(/"(?:[^"\\]|\\.)*"/g, '');
  let open = 0;
  for (const char of bare) {
    if (char === '(') open += 1;
    if (char === ')') open -= 1;
    if (open < 0 || char === '"') return false;
  }
  return open === 0 && !bare.includes('--');
};

const writtenRule = z
  .strictObject({
    id: ruleId,
    title: sentence,
    reads: z.enum(['audit', 'threat', 'cpu']),
    /** The condition in CEL, over the facts of the signal. */
    when: z.string().trim().min(1).max(2000),
    severity: z.enum(SEVERITIES),
    confidence,
    family: z.enum(FAMILIES),
    because: sentence,
    technique: z
      .array(z.string().regex(/^T\d{4}(\.\d{3})?$/, 'expected an id such as T1609'))
      .max(5)
      .default([]),
    /**
     * The entries that the rule needs, in Cloud Logging's query language. Without it, the rule sees the entries other
     * rules need.
     */
    filter: z
      .string()
      .max(2000)
      .refine(isClosed, {
        message: 'expected a filter without comments, whose quotation marks and brackets are closed',
      })
      .optional(),
  })
  .superRefine(({ reads, when, id }, context) => {
    const problem = CONDITIONS[reads].problemOf(when) ?? unknownWord(reads, when);
    if (problem !== undefined) context.addIssue({ code: 'custom', path: ['when'], message: problem });
    if (ruleOf(id) !== undefined)
      context.addIssue({ code: 'custom', path: ['id'], message: 'a rule of Firebreak has this id' });
  });
export type UserRule = z.infer<typeof writtenRule>;

/**
 * Findings that somebody vouches for: findings that match all fields given are ignored, up to the end of the day
 * `expires`.
 */
const allowance = z
  .strictObject({
    principal: glob(320).optional(),
    namespace: glob(63).optional(),
    rule: glob(63).optional(),
    owner: z.string().trim().min(1).max(254),
    reason: sentence,
    expires: expiry,
  })
  .refine(({ principal, namespace, rule }) => [principal, namespace, rule].some((one) => one !== undefined), {
    message: 'name at least one of principal, namespace and rule',
  });
export type Allowance = z.infer<typeof allowance>;

const override = z
  .strictObject({ severity: z.enum(SEVERITIES).optional(), confidence: confidence.optional() })
  .refine((one) => Object.keys(one).length > 0, { message: 'give severity, confidence, or both' });
export type RuleOverride = z.infer<typeof override>;

/** An address that is in no list has the empty text. */
const isNoneOf =
  (lists: readonly string[]) =>
  (text: string): boolean =>
    text !== '' && !lists.includes(text);

/** The settings that the operators of a deployment give its detectors. Strict: a misspelt field must not be ignored. */
export const rulesFile = z
  .strictObject({
    /** The domains in which the people of this deployment have their accounts. */
    domains: z
      .array(z.string().regex(/^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63}){1,5}$/, 'expected a domain such as example.com'))
      .max(100)
      .default([]),
    lists: z.array(list).max(50).default([]),
    rules: z.array(writtenRule).max(200).default([]),
    allow: z.array(allowance).max(500).default([]),
    overrides: z.record(z.string(), override).default({}),
  })
  .superRefine(({ rules, lists, overrides }, context) => {
    for (const id of Object.keys(overrides)) {
      if (ruleOf(id) !== undefined) continue;
      context.addIssue({
        code: 'custom',
        path: ['overrides', id],
        message: 'there is no rule of this id: see `firebreak rules`',
      });
    }
    const known = lists.map(({ name }) => name);
    for (const [n, { reads, when }] of rules.entries()) {
      if (reads !== 'audit' || CONDITIONS.audit.problemOf(when) !== undefined) continue;
      const unknown = CONDITIONS.audit.textsFor(when, 'listed').find(isNoneOf(known));
      if (unknown === undefined) continue;
      const message = `there is no list ${quote(unknown, 63)}: ${known.length === 0 ? 'lists has none' : `lists has ${known.join(', ')}`}`;
      context.addIssue({ code: 'custom', path: ['rules', n, 'when'], message });
    }
    for (const [what, names] of [
      ['rules', rules.map(({ id }) => id)],
      ['lists', known],
    ] as const) {
      const twice = names.findIndex((name, n) => names.indexOf(name) < n);
      if (twice >= 0)
        context.addIssue({ code: 'custom', path: [what, twice], message: 'there are two with this name' });
    }
  });
export type RulesFile = z.infer<typeof rulesFile>;

/** Whether any list has an entry: an empty one needs no entries of the log. */
export const listsAddresses = ({ lists }: Pick<RulesFile, 'lists'>): boolean =>
  lists.some(({ addresses }) => addresses.length > 0);

/** The rules file of a deployment that sets nothing. */
export const noRules = (): RulesFile => rulesFile.parse({});

/**
 * Reads a rules file as people write it. An empty text sets nothing.
 *
 * @throws Malformed with the line, the field and what was expected, for the first error.
 */
export const readRules = (yamlText: string): RulesFile => readStrictYaml('rules', yamlText, rulesFile);
