import type { Container } from '../kubernetes/pod-spec.ts';
import { quote } from '../text.ts';
import { toldOfText } from '../told-of-text.ts';
import { isMiner, MINER_PROGRAMS, minerIn } from './miner.ts';
import { imageName, withoutVersion, wordFinder } from './object-names.ts';

/** Images of known campaigns whose names tell nothing. */
const CAMPAIGNS = ['ddsfdsfaadsfs/dfsdf'];
const MAX_SHOWN = 300;

/** How a container mines by what it is told to run, in sentences; undefined where it does not. */
export const minerInContainer = (container: Container): string[] | undefined => toldToMine(container, true);

/** What of it is only a word of miners. */
export const wordOfMinersIn = (container: Container): string[] | undefined => toldToMine(container, false);

const toldToMine = ({ name, runs, env }: Container, certain: boolean): string[] | undefined => {
  const seen: string[] = [];
  for (const line of runs) {
    const miner = minerIn(line);
    if (miner?.certain === certain) seen.push(`${shown(name)} ${miner.what}`, `it runs ${quote(line, MAX_SHOWN)}`);
  }
  if (seen.length > 0) return seen;
  for (const { name: variable, value } of env) {
    const miner = value === undefined ? undefined : minerInValue(value);
    if (miner?.certain === certain) seen.push(`${shown(name)} ${miner.what}, by its variable ${quote(variable, 120)}`);
  }
  return seen.length > 0 ? seen : undefined;
};

const shown = (container: string): string => `container ${quote(container || '(unnamed)', 63)}`;

/** As the value of an option, since a pool or a wallet alone may be data. */
const minerInValue = toldOfText((value) => minerIn(`run -u ${value}`));

const hasProgram = wordFinder(MINER_PROGRAMS);

/** Whether an image or a workload is called like a miner. */
export const minerInName = toldOfText((name): boolean => {
  const image = imageName(name);
  return isMiner(image) || hasProgram(image) || CAMPAIGNS.some((one) => withoutVersion(name).endsWith(one));
});
