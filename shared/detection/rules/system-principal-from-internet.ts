import { networkOf } from '../../addresses.ts';
import { isAllowedPair } from '../allowed-pairs.ts';
import { shownCall } from '../claim.ts';
import type { AuditRule } from '../rule.ts';

const SYSTEM = ['system:node:', 'system:serviceaccount:kube-system:'];
/** Resources that nodes and controllers write every few seconds, from wherever they are. */
const HEARTBEAT = ['leases', 'events'];
const OF_PODS = ['status', 'token'];

/** An identity of the cluster itself was used from the internet. */
export const systemPrincipalFromInternet: AuditRule = {
  id: 'system-principal-from-internet',
  reads: 'audit',
  title: 'System identity used from a public address',
  sees: 'A call of a node, or of a service account of kube-system, that came from a public address and is not routine. A log entry does not show which public addresses belong to your nodes, so its confidence stays low.',
  why: 'Attackers take tokens of kube-system from pods and nodes, and use them from elsewhere.',
  technique: [
    { id: 'T1078.001', name: 'Valid Accounts: Default Accounts' },
    { id: 'T1552.007', name: 'Unsecured Credentials: Container API' },
  ],
  severity: 'medium',
  confidence: 0.45,
  family: 'identity',
  falsePositives: ['Clusters whose nodes have public addresses and use the public endpoint of the API server'],
  filter: [
    `protoPayload.authenticationInfo.principalEmail=~"^system:(node|serviceaccount:kube-system):"`,
    `protoPayload.requestMetadata.callerIp=~"[.:]"`,
    `NOT protoPayload.requestMetadata.callerIp=~"^(10|127|192[.]168|169[.]254|172[.](1[6-9]|2[0-9]|3[01])|100[.](6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7]))[.]|^(::1$|f[cd]|fe80)"`,
    `NOT protoPayload.methodName=~"[.](${HEARTBEAT.join('|')})[.][a-z]+$|[.](${OF_PODS.join('|')})[.][a-z]+$"`,
  ].join(' AND '),
  example: 'curl to the public endpoint with the token of system:serviceaccount:kube-system:kube-dns',
  match: (signal) => {
    const { call, principal = '' } = signal;
    if (call === undefined || !SYSTEM.some((one) => principal.startsWith(one))) return undefined;
    if (HEARTBEAT.includes(call.resource) || OF_PODS.includes(call.subresource ?? '')) return undefined;
    if (networkOf(signal.callerIp ?? '') !== 'public' || isAllowedPair(signal)) return undefined;
    if (signal.outcome === 'failed') return undefined;
    return { because: [`${shownCall(signal)} from a public address`] };
  },
};
