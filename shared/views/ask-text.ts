import type { Ask } from '../model/decision.ts';

/** What is asked, as a question: `Approve isolate on pod shop/cart-7d9f with drain?` */
export const askText = (ask: Pick<Ask, 'tier' | 'stopFirst' | 'options' | 'lifts'>, what?: string): string =>
  `Approve ${ask.tier}${what === undefined ? '' : ` on ${what}`}${addedText(ask)}?`;

/** The tier that is asked for, with what an approval adds to it: `isolate with drain`. */
export const askedTierText = (ask: Pick<Ask, 'tier' | 'stopFirst' | 'options' | 'lifts'>): string =>
  `${ask.tier}${addedText(ask)}`;

/**
 * What an approval adds to its tier, as words that follow the tier: ` without keeping evidence, with drain, beyond
 * the budget`. Empty where it adds nothing.
 */
export const addedText = ({ stopFirst, options = {}, lifts }: Pick<Ask, 'stopFirst' | 'options' | 'lifts'>): string => {
  const steps = Object.entries(options).flatMap(([option, wanted]) => (wanted ? [option] : []));
  const parts = [
    ...(stopFirst === true ? ['without keeping evidence'] : []),
    ...(steps.length === 0 ? [] : [`with ${steps.toSorted().join(' and ')}`]),
    ...(lifts === true ? ['beyond the budget'] : []),
  ];
  return parts.length === 0 ? '' : ` ${parts.join(', ')}`;
};
