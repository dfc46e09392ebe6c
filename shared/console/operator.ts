import { isIP } from 'node:net';
import { isNamed } from '../decision/operators.ts';
import type { Policy } from '../decision/policy.ts';
import { Denied, Malformed } from '../errors.ts';
import type { Identity, IdentityVerifier } from '../ports.ts';
import { type Asked, headerOf } from './http.ts';

/** How the console knows its visitor: by a proof of a proxy or the browser, or since only one machine can reach it. */
export type Door = { kind: 'verified'; verifier: IdentityVerifier } | { kind: 'local'; operator: string };

/**
 * Who looks at the console. `proof`: proves the identity, and is passed on with every request. `isLetIn`: something
 * before the console (the proxy, or the machine itself) has already decided that they may look.
 */
export type Visitor = Identity & { by: string; proof: string | undefined; isLetIn: boolean };

const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/;

const isLoopbackHost = (host: string | undefined): boolean => {
  if (host === undefined || !URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  return hostname === 'localhost' || (isIP(bare) !== 0 && LOOPBACK.test(bare));
};

/**
 * Without a proof, only visitors on this machine may look. Both the address and the Host header must be local, since a
 * foreign page can have its own name resolve to this machine.
 */
const localVisitor = (asked: Asked, operator: string): Visitor => {
  if (asked.remote === undefined || !LOOPBACK.test(asked.remote) || !isLoopbackHost(headerOf(asked, 'host')))
    throw new Denied(
      'This console answers its own machine alone: open it as http://127.0.0.1, or deploy it behind IAP.',
    );
  return { email: operator, by: 'on this machine', proof: undefined, isLetIn: true };
};

const BEARER = /^Bearer ([\w-]+\.[\w-]+\.[\w-]*)$/i;
/** What Cloud Run puts in place of the signature of a token that it has checked itself. */
const UNSIGNED = /SIGNATURE_REMOVED_BY_GOOGLE/;

/**
 * The visitor, as Identity-Aware Proxy or an ID token proves it. If both are given, the proxy's assertion counts, since
 * the proxy stands directly before the console.
 *
 * @throws Denied, with a sentence, if nobody is proven; Transient if the keys cannot be read.
 */
export const visitorOf = async (asked: Asked, door: Door): Promise<Visitor> => {
  if (door.kind === 'local') return localVisitor(asked, door.operator);
  const assertion = headerOf(asked, 'x-goog-iap-jwt-assertion');
  const bearer = BEARER.exec(headerOf(asked, 'authorization') ?? '')?.[1];
  const proof = assertion ?? bearer;
  if (proof === undefined)
    throw new Denied('Nobody is signed in: open the console through Identity-Aware Proxy, or send an ID token.');
  if (UNSIGNED.test(proof))
    throw new Denied(
      'Cloud Run has taken the signature off the ID token, so it proves nothing here: send the token for Cloud Run as X-Serverless-Authorization.',
    );
  try {
    const who = await door.verifier.verify(proof);
    return assertion === undefined
      ? { ...who, by: 'by ID token', proof, isLetIn: false }
      : { ...who, by: 'by Identity-Aware Proxy', proof, isLetIn: true };
  } catch (thrown) {
    if (thrown instanceof Malformed) throw new Denied(thrown.message);
    throw thrown;
  }
};

/**
 * Checks a visitor with only an ID token against the policy. Anybody with a Google account can get a token for a known
 * audience, so only those are let in whom the policy names. Identity-Aware Proxy has its own list.
 *
 * @throws Denied, with a sentence, if the visitor is not let in.
 */
export const assertInvited = (visitor: Visitor, policy: Pick<Policy, 'operators'>): void => {
  if (visitor.isLetIn || isNamed(policy, visitor)) return;
  throw new Denied(
    `An ID token lets in only those whom the policy names under operators, and it does not name ${visitor.email}: open the console through Identity-Aware Proxy, or have them added.`,
  );
};
