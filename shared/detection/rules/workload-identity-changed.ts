import { text } from '../../kubernetes/loose.ts';
import { writtenAt } from '../../kubernetes/patch.ts';
import { quote } from '../../text.ts';
import { isReviewed } from '../allowed-pairs.ts';
import { callRule } from '../call-rule.ts';
import { UPDATES } from '../calls.ts';
import { shownCaller, shownObject } from '../claim.ts';
import { makes } from '../makes.ts';

const MARK = 'iam.gke.io/gcp-service-account';
/** For deployers and service accounts of Google Cloud, which apply what somebody reviewed. */
const BY_AUTOMATION = { severity: 'low', confidence: 0.3 } as const;

/** The pods of a service account act as another service account of Google Cloud from now on. */
export const workloadIdentityChanged = callRule({
  id: 'workload-identity-changed',
  title: 'Workload Identity of a service account changed',
  sees: `The annotation ${MARK} that is set on a service account which was there before, by a patch or by a person; low 0.30 by deployers and service accounts of Google Cloud.`,
  why: 'Whoever can run pods under that account has the rights of the other one in the project.',
  technique: [
    { id: 'T1098.003', name: 'Account Manipulation: Additional Cloud Roles' },
    { id: 'T1078.004', name: 'Valid Accounts: Cloud Accounts' },
  ],
  severity: 'medium',
  confidence: 0.45,
  family: 'identity',
  falsePositives: ['Setting up Workload Identity by hand'],
  calls: [{ resources: ['core/serviceaccounts'], verbs: UPDATES }],
  example: `kubectl annotate serviceaccount -n shop cart ${MARK}=admin@p1.iam.gserviceaccount.com --overwrite`,
  match: (signal) => {
    const { call, outcome, principalClass } = signal;
    const account = text(writtenAt(signal, 'metadata', 'annotations', MARK));
    if (account === undefined || account === '' || makes(signal)) return undefined;
    // Machines replace whole objects, with every annotation that was there before.
    if (call.verb === 'update' && principalClass !== 'human') return undefined;
    const did = outcome === 'ok' ? 'let' : 'tried to let';
    return {
      because: [`${shownCaller(signal)} ${did} ${shownObject(signal)} act as ${quote(account, 254)}`],
      ...(isReviewed(signal) ? BY_AUTOMATION : {}),
    };
  },
});
