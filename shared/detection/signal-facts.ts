import { networkOf } from '../addresses.ts';
import { type CelType, makeCel } from '../cel.ts';
import { resourceOf } from '../kubernetes/call.ts';
import type { Loose } from '../kubernetes/loose.ts';
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

/** What conditions of rules may ask of an entry of an audit log. What it does not tell is empty. */
export const AUDIT_VARIABLES = {
  ...PLACE,
  service: 'string',
  method: 'string',
  /** `core/pods/exec`; empty for calls that are to no Kubernetes API. */
  resource: 'string',
  verb: 'string',
  /** `namespace` is a word that CEL keeps for itself. */
  ns: 'string',
  name: 'string',
  resourceName: 'string',
  principal: 'string',
  principalClass: 'string',
  actingAs: 'string',
  callerIp: 'string',
  /** `private`, `public`, or empty for what is no address. */
  network: 'string',
  /** The list of this file on which the address stands. */
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

/** What they may ask of another detector's alert. */
export const THREAT_VARIABLES = {
  ...TARGET,
  source: 'string',
  alert: 'string',
  severity: 'string',
  principal: 'string',
  commands: 'list<string>',
} as const satisfies Variables;

/** What they may ask of an incident on the use of processors. */
export const CPU_VARIABLES = {
  ...TARGET,
  shape: 'string',
  policy: 'string',
  metric: 'string',
  observed: 'double',
  threshold: 'double',
} as const satisfies Variables;

/** The conditions of rules, by what the rules read. */
export const CONDITIONS = {
  audit: makeCel(AUDIT_VARIABLES),
  threat: makeCel(THREAT_VARIABLES),
  cpu: makeCel(CPU_VARIABLES),
} as const;

type Facts<V extends Variables> = { [Name in keyof V]: unknown };

/** Longer lists and texts of foreign bodies are cut: a condition may look at each element for each element. */
const MAX_LIST = 500;
const MAX_TEXT = 16_384;

/** The values of an entry. */
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

/** The values of an alert on one of its targets. */
export const threatFacts = (signal: ThreatSignal, target: Target): Facts<typeof THREAT_VARIABLES> => ({
  ...targeted(target),
  source: signal.source,
  alert: signal.name,
  severity: signal.severity ?? '',
  principal: signal.principal ?? '',
  commands: signal.commands,
});

/** The values of an incident; 0 where it gives no number. */
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
  const object: Loose | undefined = record(value);
  if (object === undefined) return value;
  return Object.fromEntries(
    Object.entries(object)
      .slice(0, MAX_LIST)
      .map(([key, held]) => [key, bounded(held)]),
  );
};
