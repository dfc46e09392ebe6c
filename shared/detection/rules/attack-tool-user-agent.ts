import { quote } from '../../text.ts';
import { shownCaller, shownObject } from '../claim.ts';
import type { AuditRule } from '../rule.ts';

const TOOLS = '(kube-?hunter|peirates|kubeletctl|rakkess|access_matrix|trufflehog|kali)';
const TOOL = new RegExp(TOOLS, 'i');
const UNAUTHENTICATED = 16;

/** A client whose user agent names it as an attack tool. */
export const attackToolUserAgent: AuditRule = {
  id: 'attack-tool-user-agent',
  reads: 'audit',
  title: 'Client called like an attack tool',
  sees: 'A call by a client that calls itself kube-hunter, Peirates, kubeletctl, rakkess, access_matrix or TruffleHog, or that runs on Kali. Who has no credential that the server knows is none: the internet is full of those.',
  why: 'Hardly anybody hides it, and hardly anybody uses these by chance.',
  technique: [{ id: 'T1613', name: 'Container and Resource Discovery' }],
  severity: 'high',
  confidence: 0.8,
  family: 'identity',
  falsePositives: ['Approved scans'],
  filter: `protoPayload.requestMetadata.callerSuppliedUserAgent=~"(?i)${TOOLS}"`,
  example: 'rakkess, with the credentials of a workload',
  match: (signal) => {
    const { userAgent = '' } = signal;
    if (!TOOL.test(userAgent) || signal.status.code === UNAUTHENTICATED) return undefined;
    const what = signal.call === undefined ? quote(signal.method) : `${signal.call.verb} ${shownObject(signal)}`;
    return { because: [`${shownCaller(signal)} called ${what} with ${quote(userAgent, 120)}`] };
  },
};
