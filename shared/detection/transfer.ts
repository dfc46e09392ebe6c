import { networkOf } from '../addresses.ts';
import { BEHIND_BAR, withoutQuotes } from './command.ts';
import { outsideHostIn } from './outside-host.ts';

/**
 * A host outside to which a command line goes. `kept`: what it fetches there is saved or run, not only shown. `sends`:
 * it sends a file there, or what another command gives it.
 */
export type Download = { host: string; kept: boolean; sends?: true };

/** A command that writes a file, other than by a descriptor. */
export const TO_FILE = /(?:^|[^>\d&])>{1,2}\s{0,8}(?!\/dev\/(?!shm\/)|&)[^\s>&]/;

const BEGIN = '^[\\s;|&({$`]{0,8}(?:(?:busybox|toybox|sudo|exec|nohup)\\s{1,4})?(?:/\\S{0,60}/)?';
/** Programs that copy or install files from another host, or copy them there. */
const COPIERS = new RegExp(
  `${BEGIN}(?:scp|sftp|rsync|tftp|ftpget|ncftpget|ftpput|ncftpput|lynx|w3m|lwp-request|get|pip3?|npm|gem|apk|yum|dnf|rpm)\\s`,
  'i',
);
const PUTS = new RegExp(`${BEGIN}(?:ncftpput|ftpput|tftp\\s[^\\n]{0,80}-p)\\b`, 'i');
/** Programs that only connect their input and output to a host. */
const CONNECTS = new RegExp(
  `${BEGIN}(?:nc|ncat|netcat|socat|openssl\\s{1,4}s_client\\s[^\\n]{0,80}-quiet)\\b(?![^\\n]{0,80}\\s-[a-y]{0,8}z)`,
  'i',
);
/** A request that a shell writes to a connection by hand, as installers of miners do where there is no curl. */
const DEVICE = /\/dev\/tcp\/([^/\s]{1,255})\/[\w$]/i;
const READS = /\b(?:cat|dd|head|tee|tar)\b[^\n;|]{0,40}<&?\s{0,4}(?:\d|\/dev\/tcp\/)/i;
const REQUEST = /\bget\s[^\n]{0,300}\shttp\/1/i;
const SHELL = new RegExp(`^\\|\\s{0,8}${BEHIND_BAR}(?:ba|da|z|k|a)?sh\\b`);
/** What these give to another program is text of their own. */
const SAYS = new RegExp(`${BEGIN}(?:echo|printf|true|:)(?=\\s|$)`);
const SUBSTITUTED = /^(?:\$\(|`)/;
const INPUT = /<\s{0,8}(?!\/dev\/null|&)[^\s<(]/;

/** Nothing below finds anything without one of these. */
const LEADS_OUT = /\d\.\d|\/dev\/tcp\/|https?:/i;

/**
 * What the commands of a line fetch or send without curl, wget or their like; undefined for nothing. `line`: all of
 * them, without quotes.
 */
export const transferIn = (all: readonly string[], line: string): Download | undefined => {
  if (!LEADS_OUT.test(line)) return undefined;
  let next = '';
  const found = all
    .map((part, index) => [part, all[index - 1] ?? ''] as const)
    .toReversed()
    .map(([part, before]) => {
      const seen = transferBy(part, before, next);
      // A command within the words of another one stands behind it.
      if (!SUBSTITUTED.test(part)) next = part;
      return seen;
    })
    .findLast((one) => one !== undefined);
  return found ?? byHand(line);
};

const transferBy = (part: string, before: string, next: string): Download | undefined => {
  const plain = withoutQuotes(part);
  if (COPIERS.test(plain)) return copied(plain);
  return CONNECTS.test(plain) ? connected(plain, before, next) : piped(plain, next);
};

/** People copy files to and from hosts with names. */
const copied = (plain: string): Download | undefined => {
  const words = plain.trim().split(/[\s>]+/);
  const index = words.findIndex((word) => addressIn(word) !== undefined);
  const host = addressIn(words[index] ?? '');
  if (host === undefined) return undefined;
  const last = /(?:scp|rsync)\s/.test(plain) && index === words.length - 1;
  return last || PUTS.test(plain) ? { host, kept: false, sends: true } : { host, kept: true };
};

const connected = (plain: string, before: string, next: string): Download | undefined => {
  // Between a shell and a connection it carries orders and answers, which is not a transfer.
  if (SHELL.test(before) || SHELL.test(next)) return undefined;
  const host = plain
    .split(/[\s,=]+/)
    .map(addressIn)
    .find((one) => one !== undefined);
  if (host === undefined) return undefined;
  if (TO_FILE.test(plain)) return { host, kept: true };
  const fed = plain.startsWith('|') && !SAYS.test(before);
  return fed || INPUT.test(plain) ? { host, kept: false, sends: true } : undefined;
};

/** A shell runs what a program of any name gets from a bare address: curl and wget are often renamed. */
const piped = (plain: string, next: string): Download | undefined => {
  if (!SHELL.test(next) || !/https?:\/\//i.test(plain) || SAYS.test(plain)) return undefined;
  const host = plain
    .split(/\s+/)
    .map(outsideHostIn)
    .find((one) => one !== undefined && networkOf(one) === 'public');
  return host === undefined ? undefined : { host, kept: true };
};

const byHand = (plain: string): Download | undefined => {
  const device = DEVICE.exec(plain)?.[1];
  if (device === undefined) return undefined;
  const requests = REQUEST.test(plain);
  const keeps = TO_FILE.test(plain) || /\|\s{0,8}(?:ba|da|z|k|a)?sh\b/.test(plain);
  if (!requests && !(keeps && READS.test(plain))) return undefined;
  // A function gets the host from the words that it is called with.
  const host = device.includes('$')
    ? plain
        .split(/[\s;|&()]+/)
        .map(outsideHostIn)
        .find((one) => one !== undefined)
    : outsideHostIn(`${device}/`);
  return host === undefined ? undefined : { host, kept: keeps };
};

const ADDRESS = /^(?:[^\s@/]{1,60}@)?(?:[a-z0-9-]{2,16}:(?:\/\/)?)?((?:\d{1,3}\.){3}\d{1,3})(?=$|[:/,;)])/i;

const addressIn = (word: string): string | undefined => {
  const address = ADDRESS.exec(word)?.[1];
  return address !== undefined && networkOf(address) === 'public' ? address : undefined;
};
