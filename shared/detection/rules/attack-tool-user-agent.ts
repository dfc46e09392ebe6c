import { UNAUTHENTICATED } from '../../grpc-codes.ts';
import { quote } from '../../text.ts';
import { shownCaller, shownObject } from '../claim.ts';
import type { AuditRule } from '../rule.ts';

const TOOLS = '(kube-?hunter|peirates|kubeletctl|rakkess|access_matrix|trufflehog|kali)';
const TOOL = new RegExp(TOOLS, 'i');

/** A client whose user agent names it as an attack tool. */
export const attackToolUserAgent: AuditRule = {
  id: 'attack-tool-user-agent',
  reads: 'audit',
  title: 'User agent of an attack tool',
  sees: 'A call whose user agent names kube-hunter, Peirates, kubeletctl, rakkess, access_matrix, TruffleHog or Kali. Calls without a valid credential do not count: every public endpoint gets them from the internet.',
  why: 'Attackers seldom change the user agent, and hardly anybody runs these tools by accident.',
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
