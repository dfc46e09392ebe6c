import { labelIn } from './label-selector.ts';

/** Labels that Calico itself gives to pods and namespaces, most of which we do not know. */
const CALICO = /(^|\.)projectcalico\.org\//;

const TERM = /^([\w./-]+)\s*==\s*(?:"([^"]*)"|'([^']*)')$/;
const HAS = /^(!?)has\(\s*([\w./-]+)\s*\)$/;

const fails = (term: string, labels: Readonly<Record<string, string>>): boolean => {
  const [, key, double, single] = TERM.exec(term) ?? [];
  if (key !== undefined) return !CALICO.test(key) && labelIn(labels, key) !== (double ?? single);
  const [, not, named] = HAS.exec(term) ?? [];
  return named !== undefined && !CALICO.test(named) && (labelIn(labels, named) === undefined) !== (not === '!');
};

/** What splits at every `&&` into its terms: no other brackets than those of `has`, no `|`, and no `&` in a text. */
const SPLITS = /^(?:[^"'()|]|"[^"&]*"|'[^'&]*'|has\([^"'()|]*\))*$/;

/**
 * Whether a selector of Calico may match these labels. Only terms joined by `&&` are read, and of these only equality
 * and `has`; anything else counts as matching, so that nobody is told of an isolation that may not hold. A term within
 * brackets may be negated there, and one within a text is none, so such a selector is not read at all.
 */
export const mayMatchCalico = (selector: string, labels: Readonly<Record<string, string>>): boolean =>
  !SPLITS.test(selector) || !selector.split('&&').some((term) => fails(term.trim(), labels));
