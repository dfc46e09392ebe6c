import { toldOfText } from '../told-of-text.ts';
import { actingParts, actingText, programsOf, withoutQuotes } from './command.ts';
import { MINER_OPTIONS, POOL, STRATUM } from './miner-options.ts';

/** Programs that mine, by their file names, which are also the names of their images. */
export const MINER_PROGRAMS = [
  'xmrig',
  'xmr-stak',
  'minerd',
  'minergate',
  'minergate-cli',
  'cpuminer',
  'ccminer',
  'ethminer',
  'cgminer',
  'bfgminer',
  'nbminer',
  't-rex',
  'gminer',
  'lolminer',
  'phoenixminer',
  'teamredminer',
  'nanominer',
  'bminer',
  'wildrig',
  'wildrig-multi',
  'srbminer',
  'srbminer-multi',
  'bzminer',
  'onezerominer',
  'astrominer',
  'tnn-miner',
  'hellminer',
  'nheqminer',
  'sgminer',
  'xmrigdaemon',
  'xmrigcc',
  'kinsing',
  'kdevtmpfsi',
] as const;

const PROGRAMS: ReadonlySet<string> = new Set(MINER_PROGRAMS);
/** Builds of a miner have names such as `cpuminer-avx2` and `xmrig-notls`. */
const BUILD = /^(?:xmrig|xmr-stak|cpuminer|minerd|ccminer|srbminer|wildrig)[-_](?!exporter|proxy)[a-z]/;

/** Mining pools and look-alikes of them; hosts within these domains count too. */
const POOLS = [
  'minexmr.com',
  'minexmr.com.ru',
  'supportxmr.com',
  'supportxmr.com.ng',
  'nanopool.org',
  'nanopool.org.in',
  'hashvault.pro',
  'c3pool.com',
  'moneroocean.stream',
  '2miners.com',
  'herominers.com',
  'f2pool.com',
  'unmineable.com',
  'dwarfpool.com',
  'ethermine.org',
  'slushpool.com',
  'antpool.com',
  'minergate.com',
  'monerohash.com',
  'xmrpool.eu',
  'crypto-pool.fr',
  'miner.rocks',
  'nicehash.com',
  'xmrig.com',
  'kryptex.network',
  'xmrpool.net',
  'zergpool.com',
  'zpool.ca',
  'woolypooly.com',
  'rplant.xyz',
  'skypool.org',
];

const WALLET = /(?:^|[^1-9A-Za-z])[48][0-9AB][1-9A-HJ-NP-Za-km-z]{93}(?:[1-9A-HJ-NP-Za-km-z]{11})?(?![1-9A-Za-z])/;
const DERO_WALLET = /(?<![a-z0-9])deroi?1q[02-9ac-hj-np-z]{50,90}(?![a-z0-9])/;
const DOWNLOAD =
  /\b(?:curl|wget|aria2c|git\s{1,8}clone|pip3?\s{1,8}install|apk\s{1,8}add|apt(?:-get)?\s{1,8}install)\b/;
const NAMED = new RegExp(`(?:^|[^a-z0-9])(${MINER_PROGRAMS.join('|')})(?:[^a-z]|$)`);
const HOST = /[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6}/g;
/** People visit a pool's web pages too: a pool counts only where something connects to a port of it. */
const PORT = /^:\d{2,5}\b/;
const PORT_APART = /\s(?:--port|-p)[= ]\d{2,5}\b/;
const AS_OPTION = /\s(?:--(?:url|pool|host|server|address)|-o)[= ]$/;

/**
 * A sign of mining in a command line, as the end of a sentence. `certain` where it is more than a word that miners use.
 */
export type Mining = { what: string; certain: boolean };

/** The sign of mining in a command line. A line that only looks for miners, such as a responder types, has none. */
export const minerIn = toldOfText((line): Mining | undefined => {
  const what = mining(line);
  if (what !== undefined) return { what, certain: true };
  return STRATUM.test(actingText(line)) ? { what: 'names the protocol of mining pools', certain: false } : undefined;
});

const mining = (line: string): string | undefined => {
  const program = programsOf(line).find(isMiner);
  if (program !== undefined) return `starts ${program}, a mining program`;
  const text = actingText(line);
  const fetched = DOWNLOAD.test(text)
    ? actingParts(line)
        .map((part) => withoutQuotes(part).toLowerCase())
        .find((part) => DOWNLOAD.test(part) && NAMED.test(part))
    : undefined;
  if (fetched !== undefined) return `downloads ${NAMED.exec(fetched)?.[1]}, a mining program`;
  if (POOL.test(text)) return 'names a pool with the stratum protocol';
  if (MINER_OPTIONS.test(text)) return 'has options that only miners take';
  const pool = poolIn(text);
  if (pool !== undefined) return `connects to ${pool}, a mining pool`;
  const paid = /(?:^|\s)(?:-u|-o|-w|--user|--url|--wallet(?:-address)?)\b/.test(text);
  if (paid && WALLET.test(line)) return 'mines for a Monero wallet';
  if (paid && DERO_WALLET.test(text)) return 'mines for a Dero wallet';
  return undefined;
};

/** Whether a program or image of this name mines; versions and endings such as `xmrig-6.21` count. */
export const isMiner = (name: string): boolean => {
  const stem = name.toLowerCase().replace(/(?:[-_.]?v?\d[\w.-]{0,40}|\.exe|\.sh)$/, '');
  return PROGRAMS.has(stem) || PROGRAMS.has(name.toLowerCase()) || BUILD.test(name.toLowerCase());
};

const poolIn = (text: string): string | undefined => {
  const apart = PORT_APART.test(text);
  if (!apart && !text.includes(':')) return undefined;
  for (const found of text.matchAll(HOST)) {
    const pool = poolOf(found[0]);
    const end = found.index + found[0].length;
    if (pool === undefined) continue;
    if (PORT.test(text.slice(end, end + 8))) return pool;
    if (apart && AS_OPTION.test(text.slice(Math.max(0, found.index - 12), found.index))) return pool;
  }
  return undefined;
};

/** The pool whose domain a host is or is within. */
export const poolOf = (host: string): string | undefined =>
  POOLS.find((one) => host === one || host.endsWith(`.${one}`));
