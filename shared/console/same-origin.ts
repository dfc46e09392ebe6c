import { timingSafeEqual } from 'node:crypto';
import { Denied } from '../errors.ts';
import { type Asked, cookieOf, headerOf } from './http.ts';

/** `__Host-`: the cookie was set by this host, over TLS, for all of its paths; no other host can set it. */
const SECURE = '__Host-firebreak';
const PLAIN = 'firebreak';
const TOKEN = /^[0-9a-f]{32,64}$/;

type FormGuard = {
  /** The token for the forms of this browser, and the Set-Cookie header to compare it with later, if it is new. */
  token: string;
  cookie: string | undefined;
};

const nameOf = (secure: boolean): string => (secure ? SECURE : PLAIN);

/** The token of a browser: the one in its cookie, else `fresh`. */
export const guardOf = (asked: Asked, { secure, fresh }: { secure: boolean; fresh: () => string }): FormGuard => {
  const name = nameOf(secure);
  const known = cookieOf(asked, name);
  if (known !== undefined && TOKEN.test(known)) return { token: known, cookie: undefined };
  const token = fresh();
  return { token, cookie: `${name}=${token}; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}` };
};

const same = (a: string, b: string): boolean => {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
};

/**
 * Asserts that a form was sent by a page of our own: the browser says so, and the form has the token of the browser's
 * cookie. Both are required, since attackers have got around either one alone.
 *
 * @throws Denied, with a sentence, if it was not.
 */
export const assertOwnForm = (asked: Asked, token: unknown, secure: boolean): void => {
  const site = headerOf(asked, 'sec-fetch-site');
  const origin = headerOf(asked, 'origin');
  const host = headerOf(asked, 'host');
  // Browsers without Sec-Fetch-Site send an Origin. A client that sends neither is refused.
  const isOurs = origin === undefined ? site === 'same-origin' : URL.canParse(origin) && new URL(origin).host === host;
  if (!isOurs || (site !== undefined && site !== 'same-origin'))
    throw new Denied(
      'This was not sent by a page of the console, so nothing was done: open the console and ask there.',
    );
  const cookie = cookieOf(asked, nameOf(secure));
  if (cookie === undefined || typeof token !== 'string' || !TOKEN.test(cookie) || !same(cookie, token))
    throw new Denied(
      'The page is older than this session of the browser, so nothing was done: reload it and ask again.',
    );
};
