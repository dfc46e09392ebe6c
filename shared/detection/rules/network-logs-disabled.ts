import { at } from '../../kubernetes/loose.ts';
import type { AuditSignal } from '../../model/signal.ts';
import { quote } from '../../text.ts';
import { adminRule, verbOf } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';

/** Somebody turned off the logs of which hosts talk to each other. */
export const networkLogsDisabled = adminRule({
  id: 'network-logs-disabled',
  title: 'Flow or DNS logs disabled',
  sees: 'A subnetwork whose flow logs, or a DNS policy whose logs, are turned off; and a configuration of flow logs (of the Network Management API) that is turned off or deleted.',
  why: 'These logs show where data went, and which pool a miner talks to.',
  technique: [{ id: 'T1562.008', name: 'Impair Defenses: Disable or Modify Cloud Logs' }],
  severity: 'medium',
  confidence: 0.75,
  family: 'network',
  falsePositives: ['Saving on log costs'],
  services: ['compute.googleapis.com', 'dns.googleapis.com', 'networkmanagement.googleapis.com'],
  methods: '(subnetworks|dns[.]policies)[.](patch|update)|(Delete|Update)VpcFlowLogsConfig',
  example: 'gcloud compute networks subnets update s1 --no-enable-flow-logs',
  match: (signal) =>
    turnsOff(signal)
      ? { because: [`${shownCaller(signal)} turned off the logs of ${quote(signal.resourceName ?? 'a network')}`] }
      : undefined,
});

const turnsOff = (signal: AuditSignal): boolean =>
  verbOf(signal) === 'deletevpcflowlogsconfig' ||
  at(signal.request, 'vpcFlowLogsConfig', 'state') === 'DISABLED' ||
  isFalse(signal);

const isFalse = ({ request }: AuditSignal): boolean =>
  [
    at(request, 'enableFlowLogs'),
    at(request, 'logConfig', 'enable'),
    at(request, 'enableLogging'),
    at(request, 'policy', 'enableLogging'),
  ].some((flag) => flag === false);
