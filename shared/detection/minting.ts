import { at, text } from '../kubernetes/loose.ts';
import type { AuditSignal } from '../model/signal.ts';

const METHOD = /(?:^|[.])(?:GenerateAccessToken|GenerateIdToken|SignJwt|SignBlob)$/;

/** The service account for which somebody requests a token or a signature; undefined for any other call. */
export const mintingOf = (signal: AuditSignal): string | undefined => {
  if (signal.service !== 'iamcredentials.googleapis.com' || !METHOD.test(signal.method)) return undefined;
  const name = text(at(signal.request, 'name')) ?? signal.resourceName;
  return name?.split('/').at(-1)?.slice(0, 160);
};
