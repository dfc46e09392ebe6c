import { toldOfText } from '../told-of-text.ts';
import { actingParts, actingText, COMMAND_START, type InCommand, programsOf, withoutQuotes } from './command.ts';
import { MINER_OPTIONS, MINER_SETTINGS, POOL, STRATUM } from './miner-options.ts';

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
  'monero-miner',
  'pwnrig',
  'rqiner',
  'violetminer',
  'tt-miner',
  'kinsing',
  'kdevtmpfsi',
] as const;

const PROGRAMS: ReadonlySet<string> = new Set(MINER_PROGRAMS);
/** Builds of a miner have names such as `cpuminer-avx2` and `xmrig-notls`. */
const BUILD = /^(?:xmrig|xmr-stak|cpuminer|minerd|ccminer|srbminer|wildrig|rqiner)[-_](?!exporter|proxy)[a-z]/;

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
  'miningpoolhub.com',
  'luckpool.net',
  'ravenminer.com',
  'vipor.net',
];

const WALLET = /(?:^|[^1-9A-Za-z])[48][0-9AB][1-9A-HJ-NP-Za-km-z]{93}(?:[1-9A-HJ-NP-Za-km-z]{11})?(?![1-9A-Za-z])/;
const DERO_WALLET = /(?<![a-z0-9])deroi?1q[02-9ac-hj-np-z]{50,90}(?![a-z0-9])/;
const DOWNLOAD =
  /\b(?:curl|wget|aria2c|git\s{1,8}clone|pip3?\s{1,8}install|apk\s{1,8}add|apt(?:-get)?\s{1,8}install)\b/;
/** A program on the command line that starts another one: `os.system("./xmrig")`. */
const BY_PROGRAM = new RegExp(
  `\\b(?:system|popen|run|call|check_output|exec[a-z]{0,6}|spawn[a-z]{0,6})\\s?\\(\\s?\\[?\\s?(?:\\S{0,60}/)?(${MINER_PROGRAMS.join('|')})(?![a-z])`,
);
/** A miner that gets another name or place, or may be run from now on. */
const MOVED = new RegExp(
  `${COMMAND_START}(?:cp|mv|ln|install|chmod)(?=\\s)[^\\n;|&]{0,200}?[\\s/](${MINER_PROGRAMS.join('|')})(?:[-_.]?v?\\d[\\w.-]{0,40})?(?=\\s|$)`,
);
/** The name that a miner gets, for it to be started by. */
const RENAMED = new RegExp(
  `${COMMAND_START}(?:cp|mv|ln|install)\\s[^\\n;|&]{0,200}?[\\s/](${MINER_PROGRAMS.join('|')})(?:[-_.]?v?\\d[\\w.-]{0,40})?\\s{1,8}(?:\\S{0,100}/)?([^\\s/;|&]{1,60})(?=[\\s;|&]|$)`,
);
/** The registers that turn the prefetchers of processors off, which only makes miners faster. */
const REGISTERS = new RegExp(
  `${COMMAND_START}wrmsr\\s[^\\n;|&]{0,40}?\\b0x(?:1a4|c0011020|c0011021|c0011022|c001102b)\\b`,
);
/** The options of a miner under any name: a host with its port as `-o`, a user, and the way to connect. */
const LIKE_MINER = [
  /\s-o ?(?:[a-z0-9-]{1,63}\.){1,8}[a-z0-9-]{1,63}:\d{2,5}(?=\s|$)/,
  /\s-u ?[^\s-]/,
  /\s(?:-k|--keepalive|--tls)(?=\s|$)/,
];
/** Scanners fetch rules that are named after what they find. */
const NAMED = new RegExp(
  `(?:^|[^a-z0-9])(${MINER_PROGRAMS.join('|')})(?![\\w.-]{0,40}\\.(?:yara?|rules?|ya?ml|md)\\b)(?:[^a-z]|$)`,
);
const HOST = /[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6}/g;
/** People visit a pool's web pages too: a pool counts only where something connects to a port of it. */
const PORT = /^:\d{2,5}\b/;
const PORT_APART = /\s(?:--port|-p)[= ]\d{2,5}\b/;
const AS_OPTION = /\s(?:--(?:url|pool|host|server|address)|-o)[= ]$/;

/**
 * The sign of mining in a command line: `certain` where it is more than what miners also do. A line that only looks for
 * miners, such as a responder types, has none.
 */
export const minerIn = toldOfText((line): InCommand | undefined => {
  const what = mining(line);
  if (what !== undefined) return { what, certain: true };
  const may = mayMine(actingText(line));
  return may === undefined ? undefined : { what: may, certain: false };
});

const mayMine = (text: string): string | undefined => {
  if (STRATUM.test(text)) return 'names the protocol of mining pools';
  if (REGISTERS.test(text)) return 'sets the registers of the processor as miners do';
  const moved = MOVED.exec(text)?.[1];
  if (moved !== undefined) return `copies, renames or allows to run ${moved}, a mining program`;
  return LIKE_MINER.every((one) => one.test(text)) ? 'has options as miners take them' : undefined;
};

const mining = (line: string): string | undefined => {
  const program = programsOf(line).find(isMiner);
  if (program !== undefined) return `starts ${program}, a mining program`;
  const text = actingText(line);
  const [, renamed, alias = ''] = RENAMED.exec(text) ?? [];
  if (renamed !== undefined && programsOf(line).includes(alias))
    return `starts ${renamed}, a mining program, under another name`;
  const fetched = DOWNLOAD.test(text)
    ? actingParts(line)
        .map((part) => withoutQuotes(part).toLowerCase())
        .find((part) => DOWNLOAD.test(part) && NAMED.test(part))
    : undefined;
  if (fetched !== undefined) return `downloads ${NAMED.exec(fetched)?.[1]}, a mining program`;
  if (POOL.test(text)) return 'names a pool with the stratum protocol';
  const started = BY_PROGRAM.exec(text)?.[1];
  if (started !== undefined) return `starts ${started}, a mining program`;
  if (MINER_OPTIONS.test(text) || MINER_SETTINGS.test(text)) return 'has options that only miners take';
  const pool = poolIn(text);
  if (pool !== undefined) return `connects to ${pool}, a mining pool`;
  const paid = /(?:^|\s)(?:-u|-o|-w|--user|--url|--wallet(?:-address)?)\b|[{,]\s{0,8}["']?user["']?\s{0,4}:/.test(text);
  if (paid && WALLET.test(line)) return 'mines for a Monero wallet';
  if (paid && DERO_WALLET.test(text)) return 'mines for a Dero wallet';
  return undefined;
};

/** Whether a program or image of this name mines; versions and endings such as `xmrig-6.21` count. */
export const isMiner = (name: string): boolean => {
  const stem = name.toLowerCase().replace(/(?:[-_.]?v?\d[\w.-]{0,40}|\.exe|\.sh|\.bin|\.elf)$/, '');
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
  POOLS.find((one) => host.endsWith(one) && (host.length === one.length || host.at(-one.length - 1) === '.'));
