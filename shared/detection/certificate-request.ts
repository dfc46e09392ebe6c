import { at, text } from '../kubernetes/loose.ts';
import type { CallSignal } from './calls.ts';

/** What somebody asks a certificate for. */
export type CertificateRequest = {
  signer?: string;
  /** It would make its owner one of the administrators that RBAC does not hold. */
  masters: boolean;
};

/** Longest request that is looked at: one for a key of 4096 bits has about 2 KiB. */
const MAX_REQUEST = 64 * 1024;

/** The certificate that a signing request asks for. */
export const certificateRequestOf = ({ request, response }: CallSignal): CertificateRequest => {
  const bodies = [request, response];
  const signer = bodies.map((body) => text(at(body, 'spec', 'signerName'))).find((one) => one !== undefined);
  const masters = bodies.some((body) => hasMasters(text(at(body, 'spec', 'request')) ?? ''));
  return { masters, ...(signer === undefined ? {} : { signer }) };
};

/** The API wraps PEM, which is base64 itself, in base64; a name within is plain text. */
const hasMasters = (wrapped: string): boolean => {
  const pem = Buffer.from(wrapped.slice(0, MAX_REQUEST), 'base64').toString('latin1');
  const der = Buffer.from(pem.replace(/-----[A-Z ]{1,40}-----/g, ''), 'base64').toString('latin1');
  return der.includes('system:masters');
};
