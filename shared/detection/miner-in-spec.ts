import type { Container } from '../kubernetes/pod-spec.ts';
import { quote } from '../text.ts';
import { toldOfText } from '../told-of-text.ts';
import { isMiner, MINER_PROGRAMS, minerIn } from './miner.ts';
import { imageName, withoutVersion, wordFinder } from './object-names.ts';

/** Images of known campaigns whose names tell nothing. */
const CAMPAIGNS = ['ddsfdsfaadsfs/dfsdf'];
const MAX_SHOWN = 300;

/** How a container mines by what it is told to run, in sentences; undefined where it does not. */
export const minerInContainer = ({ name, runs, env }: Container): string[] | undefined => {
  const shown = quote(name || '(unnamed)', 63);
  const lines = runs.flatMap((line) => {
    const seen = minerIn(line);
    return seen === undefined ? [] : [`container ${shown} ${seen}`, `it runs ${quote(line, MAX_SHOWN)}`];
  });
  if (lines.length > 0) return lines;
  const values = env.flatMap(({ name: variable, value }) => {
    const seen = value === undefined ? undefined : minerInValue(value);
    return seen === undefined ? [] : [`container ${shown} ${seen}, by its variable ${quote(variable, 120)}`];
  });
  return values.length > 0 ? values : undefined;
};

/** As the value of an option, since a pool or a wallet alone may be data. */
const minerInValue = toldOfText((value) => minerIn(`run -u ${value}`));

const hasProgram = wordFinder(MINER_PROGRAMS);

/** Whether an image or a workload is called like a miner. */
export const minerInName = toldOfText((name): boolean => {
  const image = imageName(name);
  return isMiner(image) || hasProgram(image) || CAMPAIGNS.some((one) => withoutVersion(name).endsWith(one));
});
