import type { Check } from './check.ts';
import { alerts } from './checks/alerts.ts';
import { clusterAccess } from './checks/cluster-access.ts';
import { clusters } from './checks/clusters.ts';
import { dataAccess } from './checks/data-access.ts';
import { databases } from './checks/databases.ts';
import { deadLetters } from './checks/dead-letters.ts';
import { delivery } from './checks/delivery.ts';
import { evidence } from './checks/evidence.ts';
import { functions } from './checks/functions.ts';
import { halt } from './checks/halt.ts';
import { healthAlerts } from './checks/health-alerts.ts';
import { heartbeat } from './checks/heartbeat.ts';
import { localEvidence } from './checks/local-evidence.ts';
import { localStack } from './checks/local-stack.ts';
import { nodeNames } from './checks/node-names.ts';
import { operator } from './checks/operator.ts';
import { overdue } from './checks/overdue.ts';
import { permissions } from './checks/permissions.ts';
import { policy } from './checks/policy.ts';
import { quarantine } from './checks/quarantine-rules.ts';
import { rules } from './checks/rules.ts';
import { sink } from './checks/sink.ts';
import { subscriptions } from './checks/subscriptions.ts';
import { threatFeed } from './checks/threat-feed.ts';
import { tick } from './checks/tick.ts';
import { topics } from './checks/topics.ts';

/** Every check of `firebreak doctor`, in the order in which the results are shown. */
export const CHECKS: readonly Check[] = [
  localStack,
  localEvidence,
  functions,
  permissions,
  topics,
  subscriptions,
  delivery,
  sink,
  dataAccess,
  threatFeed,
  alerts,
  healthAlerts,
  tick,
  heartbeat,
  clusters,
  clusterAccess,
  nodeNames,
  quarantine,
  databases,
  evidence,
  operator,
  policy,
  rules,
  halt,
  overdue,
  deadLetters,
];
