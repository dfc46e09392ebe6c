import { at, type Loose, records, text, texts } from '../../kubernetes/loose.ts';
import type { AuditSignal } from '../../model/signal.ts';
import { quote } from '../../text.ts';
import { adminRule, verbOf } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';
import { isOfPlatform } from '../members.ts';
import { isInternet } from '../wide-ranges.ts';

const WEB = ['80', '443'];
/** The calls that write a rule of a firewall policy. */
const POLICY = ['addrule', 'patchrule'];

/** A firewall lets the whole internet in. */
export const firewallOpened = adminRule({
  id: 'firewall-opened',
  title: 'Firewall opened to the internet',
  sees: 'A firewall rule, of a network or of a firewall policy, that admits every address, or half of all addresses, and was made or changed by anyone but a service of Google. Rules only for the ports of web servers count as low; a change of only the addresses counts 0.50.',
  why: 'This is how an attacker reaches what they have prepared, or what was hidden from them.',
  technique: [{ id: 'T1562.007', name: 'Impair Defenses: Disable or Modify Cloud Firewall' }],
  severity: 'medium',
  confidence: 0.55,
  family: 'network',
  falsePositives: ['Load balancers and their health checks', 'Public services'],
  services: ['compute.googleapis.com'],
  methods: 'firewalls[.](insert|patch|update)|((region)?network)?firewallPolicies[.](add|patch)Rule',
  example: 'gcloud compute firewall-rules create open --allow=tcp:22 --source-ranges=0.0.0.0/0',
  match: (signal) => {
    if (isOfPlatform(signal) || !opens(signal)) return undefined;
    const because = [
      `${shownCaller(signal)} let every address in with ${quote(signal.resourceName ?? 'a firewall rule')}`,
    ];
    const allowed = allowedIn(signal.request);
    if (allowed.length === 0)
      return { because: [...because, 'this event does not show which traffic it lets in'], confidence: 0.5 };
    return isWebOnly(allowed) ? { because, severity: 'low', confidence: 0.35 } : { because };
  },
});

/** The rules that allow traffic. Audit logs spell the field `alloweds`; a firewall policy has a match instead. */
const allowedIn = (request: Loose | undefined): Loose[] => [
  ...records(request?.allowed),
  ...records(request?.alloweds),
  ...records(at(request, 'match', 'layer4Configs')),
];

const opens = (signal: AuditSignal): boolean => {
  const { request } = signal;
  if (request === undefined || text(request.direction)?.toUpperCase() === 'EGRESS' || request.disabled === true)
    return false;
  const [verb, ranges] = [verbOf(signal), texts(request.sourceRanges)];
  if (POLICY.includes(verb))
    return request.action === 'allow' && isInternet(texts(at(request, 'match', 'srcIpRanges')));
  // A patch may leave the allowed traffic unchanged and change only the sources. A patch that shows `denied` is of a
  // denying rule.
  const denies = [...records(request.denied), ...records(request.denieds)].length > 0;
  if (allowedIn(request).length === 0) return verb === 'patch' && !denies && isInternet(ranges);
  if (isInternet(ranges)) return true;
  // A new rule without any source applies to all of them.
  const sources = [ranges, texts(request.sourceTags), texts(request.sourceServiceAccounts)];
  return verb === 'insert' && sources.every((list) => list.length === 0);
};

const isWebOnly = (allowed: readonly Loose[]): boolean =>
  allowed.every((one) => texts(one.ports).length > 0 && texts(one.ports).every((port) => WEB.includes(port)));
