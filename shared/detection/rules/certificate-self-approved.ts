import { at, text } from '../../kubernetes/loose.ts';
import type { AuditSignal } from '../../model/signal.ts';
import { isAllowedPair } from '../allowed-pairs.ts';
import { type Calls, filterOf, fits } from '../calls.ts';
import {
  CERTIFICATE_APPROVALS,
  CERTIFICATE_REQUESTS,
  certificateRequestOf,
  deniesRequest,
  isLogin,
} from '../certificate-request.ts';
import { shownCaller, shownObject } from '../claim.ts';
import { brief, burst, type Recollection } from '../history.ts';
import type { HistoryRule } from '../rule.ts';

const MINUTES = 5;
const APPROVALS: readonly Calls[] = [CERTIFICATE_APPROVALS];
const REQUESTS: readonly Calls[] = [CERTIFICATE_REQUESTS];
const MADE = 'made by ';
const APPROVED = 'approved by ';
/** The longest name of a principal: with the prefix above it still fits into a remembered event unhashed. */
const MAX_WHO = 128;

/** Somebody requested a certificate and approved the request themselves. */
export const certificateSelfApproved: HistoryRule = {
  id: 'certificate-self-approved',
  reads: 'history',
  title: 'Certificate request approved by its requester',
  sees: `A CertificateSigningRequest that one principal, other than the system components of the cluster, makes and approves within ${MINUTES} minutes. Requests to signers outside kubernetes.io, whose certificates the API server does not accept, do not count.`,
  why: 'Nobody else looked at the certificate before it was issued. It is a login that is valid for months and cannot be revoked.',
  technique: [{ id: 'T1098.006', name: 'Account Manipulation: Additional Container Cluster Roles' }],
  severity: 'high',
  confidence: 0.9,
  family: 'identity',
  falsePositives: ['Administrators who make a certificate for themselves'],
  get filter() {
    return filterOf([...REQUESTS, ...APPROVALS]);
  },
  windowMs: MINUTES * 60_000,
  example: 'kubectl apply -f request.yaml, then kubectl certificate approve ana',
  subjectOf: (signal) => {
    if (whatOf(signal) === undefined) return undefined;
    const name = nameOf(signal);
    return name === undefined ? undefined : [name];
  },
  recall: (signal, history) =>
    burst(signal, history, {
      what: whatOf(signal) ?? '',
      windowMs: MINUTES * 60_000,
      distinct: true,
      isBurst: (recent) => selfApproved(recent).length > 0,
      tell: () => ({
        because: [
          `${shownCaller(signal)} made and approved ${shownObject(signal)} within ${MINUTES} minutes, with nobody else between`,
        ],
      }),
    }),
};

/** The name of the request. Where the server chose the name, the response has it. */
const nameOf = ({ call, response }: AuditSignal): string | undefined =>
  call?.name ?? text(at(response, 'metadata', 'name'));

const whatOf = (signal: AuditSignal): string | undefined => {
  const { principal } = signal;
  const did = didIn(signal);
  if (did === undefined || principal === undefined || signal.outcome !== 'ok' || isAllowedPair(signal))
    return undefined;
  return `${did}${brief(principal, MAX_WHO)}`;
};

const didIn = (signal: AuditSignal): string | undefined => {
  if (signal.call?.resource !== 'certificatesigningrequests') return undefined;
  if (fits(REQUESTS, signal)) {
    const asked = certificateRequestOf(signal);
    return asked !== undefined && isLogin(asked.signer) ? MADE : undefined;
  }
  return fits(APPROVALS, signal) && !deniesRequest(signal) ? APPROVED : undefined;
};

const selfApproved = (recent: readonly Recollection[]): Recollection[] =>
  recent.filter(
    ({ what }) =>
      what.startsWith(APPROVED) && recent.some((one) => one.what === `${MADE}${what.slice(APPROVED.length)}`),
  );
