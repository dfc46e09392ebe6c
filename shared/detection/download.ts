import { toldOfText } from '../told-of-text.ts';
import { actingParts, actingText, BEHIND_BAR, decodedIn, withoutQuotes } from './command.ts';
import { outsideHostIn } from './outside-host.ts';
import { scriptIn } from './started-programs.ts';
import { type Download, TO_FILE, transferIn } from './transfer.ts';

const FETCHERS = /(?:^|[\s/;|&($`])(curl|wget|aria2c|axel|lwp-download)\s/;
/** Languages that fetch by a library, from the text of a program on the command line. */
const LANGUAGE = /(?:^|[\s/;|&($`])(?:python[\d.]{0,4}|perl|ruby|php|node)\s/;
const LIBRARY =
  /urlopen|urlretrieve|requests[.]get|lwp::simple|http::tiny|net::http|open-uri|file_get_contents|\bcopy\(|https?\)?[.]get\(|\bfetch\(/i;
const KEEPS =
  /\b(?:exec|eval|system|write\w{0,8}|open|popen|subprocess|copy|getstore|mirror|createwritestream|\w{0,4}retrieve|file_put_contents)\b/i;
const WORD_END = /[\s"'`<>|;)]+/;
/** A URL without a scheme: an address or a name of several parts, followed by a port or a path. */
const ADDRESS = /^(?:\d{1,3}\.){3}\d{1,3}$/;
const NAME = /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,5}\.[a-z]{2,24}$/i;
/** Options of curl and wget before whose value no bare name is meant. */
const TAKES = /^-[a-zA-Z]{0,12}[oOHdTuXAeFbcKxUPmQi]$|^--[a-z-]{2,30}$/;
/** Paths that monitoring and identity providers serve, and that people look at by hand too. */
const HARMLESS =
  /(?:\/(?:healthz?|livez|readyz?|status|ping|metrics|version|jwks(?:\.json)?)|\/\.well-known\/\S{1,60})$/i;
/** A language that is given a program of its own only reads what is fetched. */
const RUN = new RegExp(
  `\\|\\s{0,8}${BEHIND_BAR}(?:(?:(?:ba|da|z|k|a)?sh|tar|gunzip|base64|xargs)\\b|(?:python[\\d.]{0,4}|perl|php|ruby|node)(?:\\s{1,8}-[uBEIOqsS]{1,4}(?=\\s|$)){0,4}\\s{0,8}(?:$|[\\n;&|)>"'\`]|-(?=\\s|$)|/dev/stdin\\b))|\\b(?:ba|da|z|k|a)?sh\\s{1,8}(?:-c\\s{1,8}|<\\()|(?:^|[\\s;&|({])(?:\\.|source)\\s{1,8}(?:<\\(|/dev/(?:stdin|fd/))|\\beval\\b|\\$\\(`,
);
/** What is fetched goes through a bar into a file. */
const INTO_FILE =
  /\|\s{0,8}(?:tee\s{1,4}(?:-a\s{1,4})?(?!\/dev\/)[^\s-]|dd\s[^\n;|&]{0,80}\bof=|cat\s{0,8}>{1,2}\s{0,8}(?!\/dev\/null)\S)/;

/** The first thing that a command line fetches from outside the cluster; undefined for nothing. */
export const downloadIn = toldOfText((line): Download | undefined => {
  const parts = [...actingParts(line), ...decodedIn(line).flatMap(actingParts)];
  // A fetch whose output is substituted into another command counts as run.
  const text = actingText(line);
  const runs = RUN.test(text) || INTO_FILE.test(text);
  for (const part of parts) {
    const plain = withoutQuotes(part);
    const fetcher = FETCHERS.exec(plain)?.[1];
    const found =
      fetcher === undefined ? fetchedInProgram(plain) : fetchedBy(fetcher, part, plain.split(WORD_END), runs);
    if (found !== undefined) return found;
  }
  // A program that has lost its quotes on the way here is not one command, but all that its semicolons divide. One behind
  // `<<` has lines of its own.
  const whole = withoutQuotes(parts.join(''));
  const inProgram = scriptIn(line) === undefined || line.includes('<<') ? fetchedInProgram(whole) : undefined;
  return inProgram ?? transferIn(parts, whole);
});

const fetchedBy = (fetcher: string, part: string, words: readonly string[], runs: boolean): Download | undefined => {
  for (const [index, word] of words.entries()) {
    const host = outsideHostIn(word) ?? bareHostIn(word, words[index - 1] ?? '', runs);
    if (host === undefined) continue;
    const kept = runs || keptBy(fetcher, part);
    if (SENDS[fetcher]?.test(part) === true) return { host, kept, sends: true };
    if (kept || !HARMLESS.test(word)) return { host, kept };
  }
  return undefined;
};

/** Options by which a program sends a file or its input. */
const SENDS: Readonly<Record<string, RegExp>> = {
  curl: /\s(?:-T|--upload-file)[\s=]?\S|\s(?:-[a-zA-Z]{0,8}d|--data(?:-binary|-urlencode|-ascii)?)[\s=]?["']?@|\s(?:-[a-zA-Z]{0,8}F|--form)[\s=]?["']?[\w-]{1,60}=[@<]/,
  wget: /\s--(?:post|body)-file[\s=]/,
};

const keptBy = (fetcher: string, part: string): boolean => {
  if (fetcher === 'curl') return keepsByCurl(part);
  return fetcher !== 'wget' || !printsByWget(part);
};

const fetchedInProgram = (plain: string): Download | undefined => {
  if (!LANGUAGE.test(plain) || !LIBRARY.test(plain)) return undefined;
  for (const word of plain.split(/[\s"'`<>|;),(=]+/)) {
    const host = /^https?:/i.test(word) ? outsideHostIn(word) : undefined;
    if (host !== undefined) return { host, kept: KEEPS.test(plain) };
  }
  return undefined;
};

/**
 * The host in a word that is only an address or, where a shell runs what is fetched, a name: curl takes both for a URL.
 */
const bareHostIn = (word: string, before: string, runs: boolean): string | undefined => {
  // An address behind a colon is the value of a header.
  if (before.endsWith(':')) return undefined;
  return ADDRESS.test(word) || (runs && NAME.test(word) && !TAKES.test(before)) ? outsideHostIn(`${word}/`) : undefined;
};

const keepsByCurl = (part: string): boolean =>
  TO_FILE.test(part) ||
  (/\s(?:-[a-zA-Z]{0,12}[oO]|--output|--remote-name)\b/.test(part) &&
    !/(?:-[a-zA-Z]{0,12}o\s{0,4}|--output[= ])\/dev\/null/.test(part));
const printsByWget = (part: string): boolean =>
  !TO_FILE.test(part) &&
  /\s(?:-[a-zA-Z]{0,12}O\s{0,4}(?:-|\/dev\/(?:null|stdout))|--output-document[= ]-|--spider)/.test(part);
