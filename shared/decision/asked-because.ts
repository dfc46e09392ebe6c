import type { Ask, Decision } from '../model/decision.ts';
import { addedText } from '../views/ask-text.ts';

const endOf = (by: string): string => `needs the approval of an operator other than ${by}`;

/** Why what this operator wants is only asked for. */
export const anotherText = (ask: Pick<Ask, 'tier' | 'stopFirst' | 'options' | 'lifts'>, by: string): string =>
  `${ask.tier}${addedText(ask)} ${endOf(by)}`;

/** The sentences of a decision that say why this operator wants what is asked for. Empty if there are none. */
export const askedBecause = (by: string, { because }: Pick<Decision, 'because'>): string[] => {
  const last = because.findLastIndex((one) => one.endsWith(endOf(by)));
  const from = because.slice(0, last + 1).findLastIndex((one) => one.startsWith(`requested by ${by}: `));
  return from < 0 ? [] : because.slice(from, last + 1);
};
