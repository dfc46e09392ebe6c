import { quote } from '../../text.ts';
import { shownCaller } from '../claim.ts';
import { first } from '../history.ts';
import { mintingOf } from '../minting.ts';
import type { HistoryRule } from '../rule.ts';

const DAYS = 7;
const WINDOW_MS = DAYS * 86_400_000;

/** Somebody acts as a service account for the first time in `DAYS` days. */
export const firstImpersonation: HistoryRule = {
  id: 'first-impersonation',
  reads: 'history',
  title: 'First impersonation of a service account',
  sees: `A token or signature of a service account, issued to a principal that received none of it in the ${DAYS} days before. It is silent for the first ${DAYS} days in a project. Needs the Data Access log of IAM (iam.googleapis.com), which Terraform does not turn on.`,
  why: 'Principals that impersonate accounts do so every day. A first time means a new pipeline, which is much more frequent, or somebody who found a way to more rights: so it counts for less than refused attempts.',
  technique: [{ id: 'T1078.004', name: 'Valid Accounts: Cloud Accounts' }],
  severity: 'medium',
  confidence: 0.5,
  family: 'identity',
  falsePositives: ['New pipelines', 'The first week after Data Access logs are turned on'],
  filter: 'protoPayload.serviceName="iamcredentials.googleapis.com"',
  windowMs: WINDOW_MS,
  novelty: true,
  example: 'gcloud auth print-access-token --impersonate-service-account=deploy@p1.iam.gserviceaccount.com',
  subjectOf: (signal) => {
    const account = mintingOf(signal);
    if (account === undefined) return undefined;
    const { principal, principalClass, outcome } = signal;
    const foreign = principal !== undefined && account !== principal;
    return foreign && principalClass !== 'system' && outcome === 'ok' ? [principal, account] : undefined;
  },
  recall: (signal, history) =>
    first(signal, history, WINDOW_MS, () => ({
      because: [
        `${shownCaller(signal)} got a token or signature of ${quote(mintingOf(signal) ?? '', 200)}, for the first time in ${DAYS} days`,
      ],
    })),
};
