import { text } from '../../kubernetes/loose.ts';
import { TOPIC_PREFIX } from '../../model/ids.ts';
import type { AuditSignal } from '../../model/signal.ts';
import { quote } from '../../text.ts';
import { adminRule, verbOf } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';
import { newGrantsIn, revokedIn } from '../grants.ts';
import { isGoogleAgent, nameOf } from '../members.ts';
import type { Sighting } from '../rule.ts';

const OURS = new RegExp(`(?:^|/)${TOPIC_PREFIX}[a-z0-9-]{1,63}(?:@[a-z0-9.-]{1,100})?$`);
/** For service accounts: infrastructure code replaces parts of a deployment with them. */
const BY_AUTOMATION = { severity: 'high', confidence: 0.6 } as const;

/** Somebody takes this deployment apart, so that nothing is detected or answered any more. */
export const responseTampered = adminRule({
  id: 'response-tampered',
  title: 'Part of Firebreak deleted or stopped',
  sees: `A topic, subscription, function, scheduled job, service account or firewall rule whose name begins with ${TOPIC_PREFIX}, and that somebody deletes, detaches, pauses or disables; a subscription or a firewall rule also where it is changed. A right over such a topic, subscription, function, service account or secret that is given to somebody else, or taken from one of its own accounts: high 0.70. By a service account, as infrastructure code does it, high 0.60 at most.`,
  why: 'Whoever knows what answers them turns it off first. Without its firewall rules, nodes that were cut off are reachable again.',
  technique: [{ id: 'T1562.001', name: 'Impair Defenses: Disable or Modify Tools' }],
  severity: 'critical',
  confidence: 0.85,
  family: 'identity',
  falsePositives: ['Changes of the deployment itself', 'Its removal'],
  services: [
    'pubsub.googleapis.com',
    'run.googleapis.com',
    'cloudfunctions.googleapis.com',
    'cloudscheduler.googleapis.com',
    'iam.googleapis.com',
    'compute.googleapis.com',
    'secretmanager.googleapis.com',
  ],
  methods:
    'Delete(Topic|Service|Function|Secret)|(Delete|Detach|Update)Subscription|ModifyPushConfig|(Pause|Delete)Job|(Disable|Delete)ServiceAccount|SetIamPolicy|firewalls[.](delete|patch|update)',
  example: 'gcloud pubsub subscriptions delete firebreak-decide-findings',
  match: (signal) => {
    const named = [signal.resourceName, text(signal.request?.name), text(signal.request?.resource)];
    const ours = named.find((name) => name !== undefined && OURS.test(name));
    if (ours === undefined) return undefined;
    if (verbOf(signal) === 'setiampolicy') return ruledBy(signal, ours);
    const verb = signal.method.slice(signal.method.lastIndexOf('.') + 1);
    return {
      because: [
        `${shownCaller(signal)} called ${quote(verb, 40)} on ${quote(ours, 200)}`,
        'it is a part of Firebreak, which may not see what happens from now on',
      ],
      ...(signal.principalClass === 'automation' ? BY_AUTOMATION : {}),
    };
  },
});

/** A change of who may use a part of Firebreak, beyond its own accounts and services of Google. */
const ruledBy = (signal: AuditSignal, part: string): Sighting | undefined => {
  const isOwn = (member: string): boolean =>
    nameOf(member).startsWith(TOPIC_PREFIX) &&
    nameOf(member).endsWith(`@${signal.place.project}.iam.gserviceaccount.com`);
  const given = newGrantsIn(signal).filter(({ member }) => !isOwn(member) && !isGoogleAgent(nameOf(member)));
  const taken = revokedIn(signal).filter(({ member }) => isOwn(member));
  if (given.length + taken.length === 0) return undefined;
  const shown = [
    ...given.map(({ role, member }) => `gave ${quote(role, 100)} to ${quote(member)}`),
    ...taken.map(({ role, member }) => `took ${quote(role, 100)} from ${quote(member)}`),
  ];
  return {
    because: [`${shownCaller(signal)} ${shown.slice(0, 5).join(', ')} on ${quote(part, 200)}, a part of Firebreak`],
    severity: 'high',
    confidence: signal.principalClass === 'automation' ? BY_AUTOMATION.confidence : 0.7,
  };
};
