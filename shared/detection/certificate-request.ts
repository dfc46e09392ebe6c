import { at, text } from '../kubernetes/loose.ts';
import type { CallSignal } from './calls.ts';

/** What somebody requests in a certificate. */
export type CertificateRequest = {
  signer?: string;
  /** The certificate would put its owner into `system:masters`, whose rights RBAC does not limit. */
  masters: boolean;
};

/** The longest request that is read: one for a key of 4096 bits has about 2 KiB. */
const MAX_REQUEST = 64 * 1024;

/** The certificate that a signing request asks for. */
export const certificateRequestOf = ({ request, response }: CallSignal): CertificateRequest => {
  const bodies = [request, response];
  const signer = bodies.map((body) => text(at(body, 'spec', 'signerName'))).find((one) => one !== undefined);
  const masters = bodies.some((body) => hasMasters(text(at(body, 'spec', 'request')) ?? ''));
  return { masters, ...(signer === undefined ? {} : { signer }) };
};

/** The API wraps PEM, which is itself base64, in base64. In the decoded request, names are plain text. */
const hasMasters = (wrapped: string): boolean => {
  const pem = Buffer.from(wrapped.slice(0, MAX_REQUEST), 'base64').toString('latin1');
  const der = Buffer.from(pem.replace(/-----[A-Z ]{1,40}-----/g, ''), 'base64').toString('latin1');
  return der.includes('system:masters');
};
