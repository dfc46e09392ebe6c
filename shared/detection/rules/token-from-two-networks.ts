import { networkOf } from '../../addresses.ts';
import { SYSTEM_PATTERN } from '../../kubernetes/principals.ts';
import { quote } from '../../text.ts';
import { shownCaller } from '../claim.ts';
import { burst } from '../history.ts';
import type { HistoryRule } from '../rule.ts';

const HOUR_MS = 3_600_000;

/** A service account's token is used both where its pods are and somewhere else. */
export const tokenFromTwoNetworks: HistoryRule = {
  id: 'token-from-two-networks',
  reads: 'history',
  title: 'Service account token used from two networks',
  sees: 'A service account of a workload that makes successful calls both from an address within the cluster or its network and from a public address, within an hour.',
  why: 'A token is mounted in its pods and has no reason to leave them: used elsewhere, it was stolen.',
  technique: [{ id: 'T1550.001', name: 'Use Alternate Authentication Material: Application Access Token' }],
  severity: 'high',
  confidence: 0.75,
  family: 'identity',
  falsePositives: [
    'Runners outside of the cluster that use one of its tokens',
    'Pods that sometimes reach the API server through NAT',
  ],
  filter: `protoPayload.authenticationInfo.principalEmail=~"^system:serviceaccount:" AND NOT protoPayload.authenticationInfo.principalEmail=~"${SYSTEM_PATTERN}"`,
  windowMs: HOUR_MS,
  example: 'A token read from a pod, used by curl from a rented server',
  subjectOf: (signal) => {
    const { call, principal } = signal;
    if (call === undefined || principal === undefined || signal.principalClass !== 'workload') return undefined;
    return signal.outcome === 'ok' && networkOf(signal.callerIp ?? '') !== undefined ? [principal] : undefined;
  },
  recall: (signal, history) => {
    const { callerIp = '' } = signal;
    return burst(signal, history, {
      what: networkOf(callerIp) === 'private' ? 'private' : callerIp,
      windowMs: HOUR_MS,
      distinct: true,
      isBurst: (recent) =>
        recent.some(({ what }) => what === 'private') && recent.some(({ what }) => what !== 'private'),
      tell: (recent) => {
        const away = recent.find(({ what }) => what !== 'private')?.what ?? '';
        return {
          because: [
            `the token of ${shownCaller(signal)} was used from within its network and from ${quote(away, 64)} within an hour`,
          ],
        };
      },
    });
  },
};
