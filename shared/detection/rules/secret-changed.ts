import { isReviewed } from '../allowed-pairs.ts';
import { callRule } from '../call-rule.ts';
import { CHANGES } from '../calls.ts';
import { shownCall } from '../claim.ts';
import { isAtHome, secretCalls } from '../secrets.ts';

/** A secret was written or deleted by hand. */
export const secretChanged = callRule({
  id: 'secret-changed',
  title: 'Secret written or deleted',
  sees: 'A secret that is created, changed or deleted by anyone but service accounts of Google Cloud, deployers, accounts in their own namespace and the system components of the cluster.',
  why: 'Programs trust a replaced secret, so its author can take them over; programs that lose a secret stop working.',
  technique: [
    { id: 'T1552.007', name: 'Unsecured Credentials: Container API' },
    { id: 'T1485', name: 'Data Destruction' },
  ],
  severity: 'low',
  confidence: 0.3,
  family: 'identity',
  falsePositives: ['Installation with Helm, which keeps its releases in secrets', 'Rotation by hand'],
  calls: secretCalls(...CHANGES),
  example: 'kubectl delete secret -n shop db',
  evident: true,
  match: (signal) => {
    if (isReviewed(signal) || isAtHome(signal)) return undefined;
    return { because: [shownCall(signal)] };
  },
});
