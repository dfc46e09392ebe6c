import { fail, ofProject, ok, type Verdict, warn } from '../check.ts';
import { APPLY } from '../next.ts';
import type { AuditSetting } from '../readers.ts';

type Facts = { project: string; execRules: boolean; audit: AuditSetting[] };

/** The service whose setting holds for what Kubernetes' own API servers log, as `k8s.io`. */
const KUBERNETES = 'container.googleapis.com';
const PUBSUB = 'pubsub.googleapis.com';
/** Where WebSocket clients' exec, and reads of secrets, are written. */
const WANTED = ['ADMIN_READ', 'DATA_READ', 'DATA_WRITE'];

const settingOf = (audit: readonly AuditSetting[], service: string, type: string) => {
  const found = audit
    .filter((one) => one.service === service || one.service === 'allServices')
    .flatMap(({ types }) => types.filter((one) => one.type === type));
  return { on: found.length > 0, exempt: [...new Set(found.flatMap(({ exempt }) => exempt))] };
};

/** The Data Access logs, without which an exec by a WebSocket client is not seen. */
export const dataAccess = ofProject<Facts>({
  id: 'data-access',
  does: 'Data Access logs of Kubernetes are written, for everybody: without them an exec by a newer kubectl, or a read of a secret, is not seen. Those of Pub/Sub tell who sent a request.',
  role: 'roles/iam.securityReviewer',
  read: async ({ project, expected }) => ({
    project: project.id,
    execRules: expected.rules.exec,
    audit: (await project.policy()).audit,
  }),
  judge: ({ project, execRules, audit }) => {
    const settings = WANTED.map((type) => ({ type, ...settingOf(audit, KUBERNETES, type) }));
    const off = settings.filter(({ on }) => !on).map(({ type }) => type);
    const exempt = [...new Set(settings.flatMap((one) => one.exempt))];
    const verdicts: Verdict[] = [];
    if (off.length > 0) {
      const says = `Data Access logs of ${KUBERNETES} are off in ${project} (${off.join(', ')})`;
      verdicts.push(
        execRules
          ? fail(KUBERNETES, `${says}, and rules on exec are on: an exec by kubectl 1.30 or newer is not seen`, APPLY)
          : warn(KUBERNETES, `${says}: reads are not seen`, APPLY),
      );
    }
    if (exempt.length > 0) {
      verdicts.push(
        warn(KUBERNETES, `exempt from these logs, so that what they do is not seen: ${exempt.join(', ')}`, APPLY),
      );
    }
    if (verdicts.length === 0) verdicts.push(ok(KUBERNETES, 'Data Access logs are written for everybody'));
    verdicts.push(
      settingOf(audit, PUBSUB, 'DATA_WRITE').on
        ? ok(PUBSUB, 'who publishes requests is logged')
        : warn(PUBSUB, 'who publishes requests is not logged: DATA_WRITE is off', APPLY),
    );
    return verdicts;
  },
});
