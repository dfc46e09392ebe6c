import { isSystemNamespace } from '../../kubernetes/namespaces.ts';
import { quote } from '../../text.ts';
import { callRule } from '../call-rule.ts';
import { shownCaller } from '../claim.ts';
import { CONTROLLER_ACCOUNTS } from '../controller-accounts.ts';

/** The confidence for workloads: drivers and CI request tokens all day with their own accounts. */
const BY_WORKLOAD = 0.45;

/** Somebody requested a token of a service account. */
export const tokenRequested = callRule({
  id: 'token-requested',
  title: 'Token of a service account asked for',
  sees: 'A token that is made for a service account by anyone but nodes and the machinery of the cluster: high for an account in a system namespace or of a controller, else medium at 0.50 (0.45 by a workload).',
  why: 'A token is the identity itself, and works from anywhere.',
  technique: [
    { id: 'T1528', name: 'Steal Application Access Token' },
    { id: 'T1552.007', name: 'Unsecured Credentials: Container API' },
  ],
  severity: 'high',
  confidence: 0.8,
  family: 'identity',
  falsePositives: ['Vault and other brokers of secrets', 'CI', 'Storage drivers'],
  calls: [{ resources: ['core/serviceaccounts/token'], verbs: ['create'] }],
  example: 'kubectl create token -n kube-system clusterrole-aggregation-controller',
  match: (signal) => {
    if (signal.outcome === 'failed') return undefined;
    const { namespace = '', name = '' } = signal.call;
    const did = signal.outcome === 'ok' ? 'got' : 'asked for';
    const because = [
      `${shownCaller(signal)} ${did} a token of service account ${quote(name, 253)} in namespace ${quote(namespace, 63)}`,
    ];
    if (isSystemNamespace(namespace) || CONTROLLER_ACCOUNTS.includes(name)) return { because };
    return { because, severity: 'medium', confidence: signal.principalClass === 'workload' ? BY_WORKLOAD : 0.5 };
  },
});
