import { quote } from '../../text.ts';
import { shownCaller, shownObject } from '../claim.ts';
import type { AuditRule } from '../rule.ts';

/** A call from a listed address succeeded. */
export const listedAddress: AuditRule = {
  id: 'listed-address',
  reads: 'audit',
  title: 'Call from a listed address',
  sees: 'A successful call from an address on one of the lists of config/rules.yaml: Tor exit nodes, servers of attackers, or whatever you list there. Of several lists that have an address, the finding names the first one in the file. Without lists it reports nothing.',
  why: 'Operators have no reason to call from such an address, but stolen credentials are used from there.',
  technique: [
    { id: 'T1090.003', name: 'Proxy: Multi-hop Proxy' },
    { id: 'T1078', name: 'Valid Accounts' },
  ],
  severity: 'high',
  confidence: 0.85,
  family: 'network',
  falsePositives: ['People who use such a network for privacy', 'Addresses that have changed hands'],
  needsLists: true,
  filter:
    'protoPayload.requestMetadata.callerIp=~"[.:]" AND NOT protoPayload.requestMetadata.callerIp=~"^(10|127|192[.]168|172[.](1[6-9]|2[0-9]|3[01])|100[.](6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7]))[.]|^(::1$|f[cd]|fe80)"',
  example: 'kubectl get secrets, through Tor',
  match: (signal, _now, known) => {
    const list = signal.outcome === 'ok' && signal.callerIp !== undefined ? known.listOf(signal.callerIp) : undefined;
    if (list === undefined) return undefined;
    return {
      because: [
        `${shownCaller(signal)} called from ${quote(signal.callerIp ?? '', 64)}, which is on the list ${quote(list, 63)}`,
        `the call was ${quote(signal.method, 120)} on ${shownObject(signal)}`,
      ],
    };
  },
};
