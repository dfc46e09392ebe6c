import { isSystemNamespace } from '../../kubernetes/namespaces.ts';
import { quote } from '../../text.ts';
import { callRule } from '../call-rule.ts';
import { shownCaller } from '../claim.ts';
import { CONTROLLER_ACCOUNTS } from '../controller-accounts.ts';
import { isAccount } from '../secrets.ts';

/** The confidence for service accounts: drivers, CI and cert-manager request tokens all day with their own. */
const BY_ACCOUNT = 0.45;

/** Somebody requested a token of a service account. */
export const tokenRequested = callRule({
  id: 'token-requested',
  title: 'Service account token requested',
  sees: 'A token that is issued for a service account to anyone but nodes and the system components of the cluster: high for an account in a system namespace or of a controller, otherwise medium 0.50 (0.45 for a service account).',
  why: 'A token is the identity itself, and works from anywhere.',
  technique: [
    { id: 'T1528', name: 'Steal Application Access Token' },
    { id: 'T1552.007', name: 'Unsecured Credentials: Container API' },
  ],
  severity: 'high',
  confidence: 0.8,
  family: 'identity',
  falsePositives: ['Vault and other secret brokers', 'CI', 'Storage drivers'],
  calls: [{ resources: ['core/serviceaccounts/token'], verbs: ['create'] }],
  example: 'kubectl create token -n kube-system clusterrole-aggregation-controller',
  match: (signal) => {
    const { namespace = '', name = '' } = signal.call;
    const did = signal.outcome === 'ok' ? 'got' : 'requested';
    const because = [
      `${shownCaller(signal)} ${did} a token of service account ${quote(name, 253)} in namespace ${quote(namespace, 63)}`,
    ];
    if (isSystemNamespace(namespace) || CONTROLLER_ACCOUNTS.includes(name)) return { because };
    return { because, severity: 'medium', confidence: isAccount(signal) ? BY_ACCOUNT : 0.5 };
  },
});
