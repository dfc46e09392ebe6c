import { CPU_SHAPES } from '../model/cpu-signal.ts';
import { SEVERITIES } from '../model/ids.ts';
import { OUTCOMES, PRINCIPAL_CLASSES } from '../model/signal.ts';
import { quote } from '../text.ts';
import { CONDITIONS } from './signal-facts.ts';

type Reads = keyof typeof CONDITIONS;

/** The variables of conditions whose values are words of our own. The empty text: it is not told. */
const WORDS: Readonly<Record<Reads, Readonly<Record<string, readonly string[]>>>> = {
  audit: { outcome: OUTCOMES, network: ['private', 'public', ''], principalClass: PRINCIPAL_CLASSES },
  threat: { severity: [...SEVERITIES, ''] },
  cpu: { shape: CPU_SHAPES },
};

/**
 * Why a valid condition can never be what it says: it compares one of our words with another text, such as `outcome`
 * with `refused`. undefined where it does not.
 */
export const unknownWord = (reads: Reads, when: string): string | undefined => {
  for (const [variable, words] of Object.entries(WORDS[reads])) {
    const unknown = CONDITIONS[reads].textsFor(when, variable).find((text) => !words.includes(text));
    if (unknown === undefined) continue;
    const known = words.filter((word) => word !== '').join(', ');
    return `${variable} is never ${quote(unknown, 63)}: expected one of ${known}`;
  }
  return undefined;
};
