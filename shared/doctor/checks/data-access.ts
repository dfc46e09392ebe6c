import { fail, ofProject, ok, type Verdict, warn } from '../check.ts';
import { APPLY } from '../next.ts';
import type { AuditSetting } from '../readers.ts';

type Facts = { project: string; execRules: boolean; audit: AuditSetting[] };

/** The service whose audit configuration controls the Data Access logs of the clusters' API servers (`k8s.io`). */
const KUBERNETES = 'container.googleapis.com';
/** The log types that contain the execs of WebSocket clients and the reads of secrets. */
const WANTED = ['ADMIN_READ', 'DATA_READ', 'DATA_WRITE'];

const settingOf = (audit: readonly AuditSetting[], service: string, type: string) => {
  const found = audit
    .filter((one) => one.service === service || one.service === 'allServices')
    .flatMap(({ types }) => types.filter((one) => one.type === type));
  return { on: found.length > 0, exempt: [...new Set(found.flatMap(({ exempt }) => exempt))] };
};

/** Checks the Data Access logs, without which an exec by a WebSocket client is not seen. */
export const dataAccess = ofProject<Facts>({
  id: 'data-access',
  does: 'Data Access logs of Kubernetes are on, without exempted principals; otherwise Firebreak does not see an exec by a newer kubectl or a read of a secret.',
  role: 'roles/iam.securityReviewer',
  read: async ({ project, expected }) => ({
    project: project.id,
    execRules: (await expected.rules()).exec,
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
          ? fail(
              KUBERNETES,
              `${says}, although rules on exec are on: Firebreak does not see an exec by kubectl 1.30 or newer`,
              APPLY,
            )
          : warn(KUBERNETES, `${says}: Firebreak does not see reads`, APPLY),
      );
    }
    if (exempt.length > 0) {
      verdicts.push(
        warn(
          KUBERNETES,
          `Data Access logs exempt some principals, whose actions are not logged: ${exempt.join(', ')}`,
          APPLY,
        ),
      );
    }
    if (verdicts.length === 0) verdicts.push(ok(KUBERNETES, 'Data Access logs are on, and nobody is exempt'));
    return verdicts;
  },
});
