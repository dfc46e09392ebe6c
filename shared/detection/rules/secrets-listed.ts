import { quote } from '../../text.ts';
import { callRule } from '../call-rule.ts';
import { shownCaller } from '../claim.ts';
import { isAccount, isAtHome, isOfMany, isOfOne, OF_ONE, secretCalls } from '../secrets.ts';

/** Lower for service accounts: controllers that mirror secrets run as such. */
const BY_ACCOUNT = { severity: 'medium', confidence: 0.45 } as const;
const IN_ONE_NAMESPACE = { severity: 'low', confidence: 0.3 } as const;

/** Somebody read many secrets at once. */
export const secretsListed = callRule({
  id: 'secrets-listed',
  title: 'Secrets listed',
  sees: 'A list or watch of the secrets of the whole cluster or of a system namespace (medium 0.45 by a service account), or of one other namespace (low 0.30). A request for a single secret by name does not count. Needs the Data Access log.',
  why: 'A list returns every secret with its content.',
  technique: [{ id: 'T1552.007', name: 'Unsecured Credentials: Container API' }],
  severity: 'high',
  confidence: 0.7,
  family: 'identity',
  falsePositives: [
    'kube-state-metrics',
    'External Secrets',
    'cert-manager',
    'Ingress controllers',
    'Helm, in one namespace',
  ],
  calls: secretCalls('list', 'watch'),
  narrowed: `NOT ${OF_ONE}`,
  example: 'kubectl get secrets -A -o yaml',
  match: (signal) => {
    if (signal.outcome !== 'ok' || isOfOne(signal)) return undefined;
    const { namespace } = signal.call;
    const where = namespace === undefined ? 'the whole cluster' : `namespace ${quote(namespace, 63)}`;
    const because = [`${shownCaller(signal)} read all secrets of ${where}`];
    if (!isOfMany(signal) || isAtHome(signal)) return { because, ...IN_ONE_NAMESPACE };
    return { because, ...(isAccount(signal) ? BY_ACCOUNT : {}) };
  },
});
