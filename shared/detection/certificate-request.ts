import { at, type Loose, records, text } from '../kubernetes/loose.ts';
import { writtenAt } from '../kubernetes/patch.ts';
import { type CallSignal, type Calls, UPDATES } from './calls.ts';
import { makes } from './makes.ts';

/** What somebody requests in a certificate. */
type CertificateRequest = {
  signer?: string;
  /** The certificate would put its owner into `system:masters`, whose rights RBAC does not limit. */
  masters: boolean;
};

/** The calls that may request a certificate: server-side apply does so by a patch. */
export const CERTIFICATE_REQUESTS: Calls = {
  resources: ['certificates.k8s.io/certificatesigningrequests'],
  verbs: ['create', 'patch'],
  expected: 'everywhere',
};

/** The calls that approve or deny a request, other than those of system components. */
export const CERTIFICATE_APPROVALS: Calls = {
  resources: ['certificates.k8s.io/certificatesigningrequests/approval'],
  verbs: UPDATES,
};

/** The longest request that is read: one for a key of 4096 bits has about 2 KiB. */
const MAX_REQUEST = 64 * 1024;

/** The certificate that a call requests; undefined for a patch that changes something else. */
export const certificateRequestOf = (signal: CallSignal): CertificateRequest | undefined => {
  const { request, response } = signal;
  // A request never changes once it is made, so a patch that contains it makes it.
  if (!makes(signal) && text(at(request, 'spec', 'request')) === undefined) return undefined;
  const signer = signerIn(request, response);
  const masters = [request, response].some((body) => hasMasters(text(at(body, 'spec', 'request')) ?? ''));
  return { masters, ...(signer === undefined ? {} : { signer }) };
};

/** Whether a call denies a request, by the same subresource by which others approve one. */
export const deniesRequest = (signal: CallSignal): boolean => {
  const conditions = [writtenAt(signal, 'status', 'conditions'), at(signal.response, 'status', 'conditions')];
  const types = conditions.flatMap(records).map(({ type }) => type);
  return types.includes('Denied') && !types.includes('Approved');
};

/** The signer, by the first of these bodies that names one. */
export const signerIn = (...bodies: Array<Loose | undefined>): string | undefined =>
  bodies.map((body) => text(at(body, 'spec', 'signerName'))).find((one) => one !== undefined);

/** Whether the API server may accept a certificate of this signer as a login: meshes have signers of their own. */
export const isLogin = (signer = KUBERNETES): boolean => signer.startsWith(KUBERNETES);

/** How the names of the signers of Kubernetes begin. */
const KUBERNETES = 'kubernetes.io/';

/** The API wraps PEM, which is itself base64, in base64. In the decoded request, names are plain text. */
const hasMasters = (wrapped: string): boolean => {
  const pem = Buffer.from(wrapped.slice(0, MAX_REQUEST), 'base64').toString('latin1');
  const der = Buffer.from(pem.replace(/-----[A-Z ]{1,40}-----/g, ''), 'base64').toString('latin1');
  return der.includes('system:masters');
};
