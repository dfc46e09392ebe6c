import { PERMISSION_DENIED } from '../../grpc-codes.ts';
import { quote } from '../../text.ts';
import { burst, kindsOf } from '../history.ts';
import { mintingOf } from '../minting.ts';
import type { HistoryRule } from '../rule.ts';

const MINUTES = 10;
const ENOUGH = 3;

/** Somebody tries one service account after the other. */
export const impersonationAttempts: HistoryRule = {
  id: 'impersonation-attempts',
  reads: 'history',
  title: 'Attempts to impersonate service accounts',
  sees: `Refused requests for tokens or signatures of at least ${ENOUGH} service accounts, from one address within ${MINUTES} minutes. Needs the Data Access log of IAM (iam.googleapis.com), which Terraform does not turn on.`,
  why: 'An attacker who can list service accounts tries each of them. Such refusals do not name their caller, so they are counted by address.',
  technique: [{ id: 'T1078.004', name: 'Valid Accounts: Cloud Accounts' }],
  severity: 'high',
  confidence: 0.7,
  family: 'identity',
  falsePositives: ['Infrastructure code for several projects'],
  filter: `protoPayload.serviceName="iamcredentials.googleapis.com" AND protoPayload.status.code=${PERMISSION_DENIED}`,
  windowMs: MINUTES * 60_000,
  example: 'gcloud auth print-access-token --impersonate-service-account, for each account of a project',
  subjectOf: (signal) =>
    mintingOf(signal) !== undefined && signal.outcome === 'denied' && signal.callerIp !== undefined
      ? [signal.callerIp]
      : undefined,
  recall: (signal, history) =>
    burst(signal, history, {
      what: mintingOf(signal) ?? '',
      windowMs: MINUTES * 60_000,
      distinct: true,
      isBurst: (recent) => kindsOf(recent).length >= ENOUGH,
      tell: (recent) => ({
        refusal: true,
        because: [
          `tokens of ${kindsOf(recent).length} service accounts were requested from ${quote(signal.callerIp ?? '', 64)} within ${MINUTES} minutes, and refused`,
          `the last of them is ${quote(mintingOf(signal) ?? '', 200)}`,
        ],
      }),
    }),
};
