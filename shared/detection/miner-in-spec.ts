import type { Container } from '../kubernetes/pod-spec.ts';
import { quote } from '../text.ts';
import { toldOfText } from '../told-of-text.ts';
import { toldOnce } from '../told-once.ts';
import { shownContainer } from './claim.ts';
import type { InCommand } from './command.ts';
import { isMiner, MINER_PROGRAMS, minerIn, poolOf } from './miner.ts';
import { imageName, withoutVersion, wordFinder } from './object-names.ts';

/** Images of known campaigns whose names do not reveal a miner. */
const CAMPAIGNS = ['ddsfdfsaadfs/dfsdf', 'pauseyyf/pause'];
const MAX_SHOWN = 300;

/** How the commands and variables of a container make it mine, in sentences; undefined where they do not. */
export const minerInContainer = (container: Container): string[] | undefined => toldToMine(container, true);

/** The same for signs that are only words that miners use. */
export const wordOfMinersIn = (container: Container): string[] | undefined => toldToMine(container, false);

const toldToMine = (container: Container, certain: boolean): string[] | undefined => {
  const { runs, env } = minersIn(container);
  if (runs.length === 0 && env.length === 0) return undefined;
  const name = shownContainer(container.name);
  const run = runs.filter(({ miner }) => miner.certain === certain);
  if (run.length > 0)
    return run.flatMap(({ line, miner }) => [`${name} ${miner.what}`, `it runs ${quote(line, MAX_SHOWN)}`]);
  const told = env
    .filter(({ miner }) => miner.certain === certain)
    .map(({ variable, miner }) => `${name} ${miner.what}, in its environment variable ${quote(variable, 120)}`);
  return told.length > 0 ? told : undefined;
};

/** What the commands and the variables of a container tell of miners: nearly always nothing, and asked for twice. */
const minersIn = toldOnce((container: Container) => ({
  runs: container.runs.flatMap((line) => {
    const miner = minerIn(line);
    return miner === undefined ? [] : [{ line, miner }];
  }),
  env: container.env.flatMap(({ name: variable, value }) => {
    const miner = value === undefined ? undefined : minerInVariable(variable, value, container);
    return miner === undefined ? [] : [{ variable, miner }];
  }),
}));

/** Environment variables that are named like an option of miners. */
const LIKE_OPTION = /^(?:xmrig_|miner_)?(donate_level|donate_over_proxy|cpu_max_threads_hint|algo|randomx_\w{1,40})$/i;

const minerInVariable = (variable: string, value: string, { env, image }: Container): InCommand | undefined => {
  const option = LIKE_OPTION.exec(variable)?.[1];
  if (option !== undefined) return minerIn(`run --${option.toLowerCase().replaceAll('_', '-')}=${value}`);
  const pool = poolOf(value.toLowerCase());
  // People read a pool's web pages too: a pool counts here in a miner, or if another variable names a port.
  const isPort = ({ name, value: port = '' }: Container['env'][number]): boolean =>
    /port$/i.test(name) && /^\d{2,5}$/.test(port);
  if (pool !== undefined && ((image !== undefined && minerInName(image)) || env.some(isPort)))
    return { what: `connects to ${pool}, a mining pool`, certain: true };
  const told = minerInValue(value);
  if (
    told?.certain !== true ||
    minerInArgument(value)?.certain === true ||
    env.some(({ name }) => OF_MINERS.test(name))
  )
    return told;
  return { what: 'has a wallet, as miners have and shops that are paid so', certain: false };
};

/** Variables that images of miners read. */
const OF_MINERS =
  /^(?:xmrig|miner|mining|rig|pool|stratum|donate)(?:$|_(?:url|user|host|addr|pass|port|id|level|name))/i;

/** Checked as the value of an option, since a pool or a wallet alone may be data. */
const minerInValue = toldOfText((value) => minerIn(`run -u ${value}`));
const minerInArgument = toldOfText((value) => minerIn(`run ${value}`));

const hasProgram = wordFinder([...MINER_PROGRAMS, 'cryptonight']);

/** Whether an image or a workload is called like a miner. */
export const minerInName = toldOfText((name): boolean => {
  const image = imageName(name);
  return isMiner(image) || hasProgram(image) || CAMPAIGNS.some((one) => withoutVersion(name).endsWith(one));
});
