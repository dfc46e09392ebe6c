import { fileURLToPath } from 'node:url';
import type { Scenario } from './scenario.ts';
import { execEvent, REVERSE_SHELL } from './shop.ts';

const NAMESPACE = 'payments';
const APP = 'ledger';

/**
 * Somebody encrypts the payments. Expected end: the policy deletes the workload without asking and without keeping
 * evidence.
 */
export const ransom: Scenario = {
  id: 'ransom',
  title: 'Ransomware in a payment workload',
  story: [
    'ana@example.com, whose laptop was stolen, opens a reverse shell in a pod of StatefulSet payments/ledger and encrypts the data that it reaches.',
    'The policy of this scenario deletes the workload without keeping evidence, and without asking.',
  ],
  policy: fileURLToPath(new URL('ransom.policy.yaml', import.meta.url)),
  events: (world, now) => [execEvent(world, now, { namespace: NAMESPACE, app: APP, command: REVERSE_SHELL })],
  missing: (incidents) => {
    const incident = incidents.find(({ target }) => target.namespace === NAMESPACE);
    if (incident === undefined) return [`no incident on a pod of ${NAMESPACE}/${APP} was opened`];
    const { decision, goal, journal } = incident;
    // The deletion is watched for two more minutes, in case something creates the workload again. The story ends before
    // that.
    const deletion = journal.find(({ step }) => step === 'delete-workload');
    const found = decision === null ? 'none' : `${decision.verdict}: ${decision.tier}`;
    return [
      ...(found === 'act: delete-workload' ? [] : [`expected the decision act: delete-workload, found ${found}`]),
      ...(goal?.stopFirst === true ? [] : ['the goal does not say stopFirst']),
      ...(deletion?.because?.startsWith('deleted') === true ? [] : ['the workload is not deleted']),
    ];
  },
};
