import { networkOf } from '../addresses.ts';
import { type CelType, makeCel } from '../cel.ts';
import { resourceOf } from '../kubernetes/call.ts';
import { record } from '../kubernetes/loose.ts';
import type { CpuOpened } from '../model/cpu-signal.ts';
import type { AuditSignal } from '../model/signal.ts';
import type { Target } from '../model/target.ts';
import type { ThreatSignal } from '../model/threat-signal.ts';
import { shownShape } from './cpu-claims.ts';
import type { Known } from './known.ts';

type Variables = Readonly<Record<string, CelType>>;

const PLACE = { project: 'string', location: 'string', cluster: 'string' } as const;
const TARGET = { ...PLACE, ns: 'string', pod: 'string', workload: 'string', node: 'string' } as const;

/** Variables that conditions of rules may use for an entry of an audit log. What the entry does not tell is empty. */
const AUDIT_VARIABLES = {
  ...PLACE,
  service: 'string',
  method: 'string',
  /** As in `core/pods/exec`; empty for calls that do not go to a Kubernetes API. */
  resource: 'string',
  verb: 'string',
  /** The namespace: CEL reserves the word `namespace`. */
  ns: 'string',
  name: 'string',
  resourceName: 'string',
  principal: 'string',
  principalClass: 'string',
  actingAs: 'string',
  callerIp: 'string',
  /** `private` or `public`; empty where `callerIp` is not an address. */
  network: 'string',
  /** The name of the list in config/rules.yaml that contains the caller's address. */
  listed: 'string',
  userAgent: 'string',
  outcome: 'string',
  code: 'int',
  message: 'string',
  command: 'string',
  labels: 'map<string, string>',
  request: 'map<string, dyn>',
  response: 'map<string, dyn>',
} as const satisfies Variables;

/** Variables for an alert of another detector. */
const THREAT_VARIABLES = {
  ...TARGET,
  source: 'string',
  alert: 'string',
  severity: 'string',
  principal: 'string',
  commands: 'list<string>',
} as const satisfies Variables;

/** Variables for an incident on the use of processors. */
const CPU_VARIABLES = {
  ...TARGET,
  shape: 'string',
  policy: 'string',
  metric: 'string',
  observed: 'double',
  threshold: 'double',
} as const satisfies Variables;

/** One CEL environment for each kind of signal that rules read. */
export const CONDITIONS = {
  audit: makeCel(AUDIT_VARIABLES),
  threat: makeCel(THREAT_VARIABLES),
  cpu: makeCel(CPU_VARIABLES),
} as const;

type Facts<V extends Variables> = { [Name in keyof V]: unknown };

/** Longer lists and texts in foreign bodies are cut, because a condition may compare each element with each other. */
const MAX_LIST = 500;
const MAX_TEXT = 16_384;

/** The values of the variables for an entry. */
export const auditFacts = (signal: AuditSignal, known: Known): Facts<typeof AUDIT_VARIABLES> => {
  const { call, place, command, status, callerIp = '' } = signal;
  return {
    ...placed(place),
    service: signal.service,
    method: signal.method,
    resource: call === undefined ? '' : resourceOf(call),
    verb: call?.verb ?? '',
    ns: call?.namespace ?? '',
    name: call?.name ?? '',
    resourceName: signal.resourceName ?? '',
    principal: signal.principal ?? '',
    principalClass: signal.principalClass,
    actingAs: signal.actingAs ?? '',
    callerIp,
    network: networkOf(callerIp) ?? '',
    listed: known.listOf(callerIp) ?? '',
    userAgent: signal.userAgent ?? '',
    outcome: signal.outcome,
    code: status.code,
    message: status.message ?? '',
    command: command?.line ?? '',
    labels: signal.labels,
    request: bounded(signal.request ?? {}),
    response: bounded(signal.response ?? {}),
  };
};

/** The values of the variables for an alert and one of its targets. */
export const threatFacts = (signal: ThreatSignal, target: Target): Facts<typeof THREAT_VARIABLES> => ({
  ...targeted(target),
  source: signal.source,
  alert: signal.name,
  severity: signal.severity ?? '',
  principal: signal.principal ?? '',
  commands: signal.commands,
});

/** The values of the variables for an incident; 0 where it gives no number. */
export const cpuFacts = (signal: CpuOpened): Facts<typeof CPU_VARIABLES> => ({
  ...targeted(signal.target),
  shape: shownShape(signal),
  policy: signal.policy,
  metric: signal.metric,
  observed: signal.observed ?? 0,
  threshold: signal.threshold ?? 0,
});

const placed = ({ project, location = '', cluster = '' }: Pick<Target, 'project' | 'location' | 'cluster'>) => ({
  project,
  location,
  cluster,
});

const targeted = (target: Target) => ({
  ...placed(target),
  ns: target.namespace ?? '',
  pod: target.pod ?? '',
  workload: target.workload === undefined ? '' : `${target.workload.kind}/${target.workload.name}`,
  node: target.node ?? '',
});

const bounded = (value: unknown): unknown => {
  if (typeof value === 'string') return value.slice(0, MAX_TEXT);
  if (Array.isArray(value)) return value.slice(0, MAX_LIST).map(bounded);
  const object = record(value);
  if (object === undefined) return value;
  return Object.fromEntries(
    Object.entries(object)
      .slice(0, MAX_LIST)
      .map(([key, held]) => [key, bounded(held)]),
  );
};
