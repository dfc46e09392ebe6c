import type { ConsolePorts } from '../functions/console/handler.ts';
import type { DecideOptions } from '../functions/decide/handler.ts';
import type { DetectAuditLogPorts } from '../functions/detect-audit-log/handler.ts';
import type { DetectCryptominingPorts } from '../functions/detect-cryptomining/handler.ts';
import type { DetectThreatPorts } from '../functions/detect-threat/handler.ts';
import type { NotifyPorts } from '../functions/notify/handler.ts';
import { systemClock } from './adapters/clock.ts';
import { makeLines } from './adapters/lines.ts';
import { makeStdoutLog } from './adapters/log-stdout.ts';
import { lightenDomains } from './adapters/request-domains.ts';
import {
  incidentStores,
  logReader,
  makeBus,
  makeCloud,
  makeComputePort,
  makeEvidence,
  makeTracing,
  makeVerifier,
  memoryStores,
  metricsReader,
} from './clients.ts';
import { type Config, type ConfigWith, type Environment, readConfig } from './config.ts';
import type { Door } from './console/operator.ts';
import type { RunPorts } from './containment/run.ts';
import type { Policy } from './decision/policy.ts';
import type { OperatePorts } from './decision/requests/request.ts';
import type { Detector } from './detection/detector.ts';
import type { TracedLog } from './log.ts';
import type { FunctionName } from './model/ids.ts';
import type { Incident } from './model/incident.ts';
import type { Bus, Clock } from './ports.ts';
import type { Spans } from './spans.ts';
import { tracedBus, tracedLog } from './traced.ts';

/** What every function is handed, whatever else it holds. */
type Basics = { clock: Clock; log: TracedLog; spans?: Spans };

/** The ports of each function: no more than its row in the table of identities. Only contain holds writers. */
export type PortsOf = {
  'detect-audit-log': Basics & DetectAuditLogPorts;
  'detect-cryptomining': Basics & DetectCryptominingPorts;
  'detect-threat': Basics & DetectThreatPorts;
  decide: Basics & DecideOptions;
  operate: Basics & OperatePorts;
  contain: Basics & RunPorts;
  notify: Basics & NotifyPorts;
  console: Basics & ConsolePorts;
};

/*
 * One wiring a function: each reads the environment once and makes the clients of its function, and throws Error, naming
 * the variable, where the environment is not usable. Each function imports its own wiring, so that its archive holds no
 * other's clients.
 */

export const wireDetectAuditLog = async (env: Environment = process.env): Promise<PortsOf['detect-audit-log']> => {
  const config = readConfig(env, ['bus', 'memory']);
  const [bus, memory, detector, reader] = await Promise.all([
    makeBus(config),
    memoryStores(config),
    readRulesFile('detect-audit-log', config),
    logReader(config),
  ]);
  return traced('detect-audit-log', config, {
    ...basics('detect-audit-log', config),
    bus,
    memory,
    detector,
    ...reader,
  });
};

export const wireDetectCryptomining = async (
  env: Environment = process.env,
): Promise<PortsOf['detect-cryptomining']> => {
  const config = readConfig(env, ['bus', 'memory']);
  const { clusters: served } = config;
  const [bus, memory, detector, metrics, cloud] = await Promise.all([
    makeBus(config),
    memoryStores(config),
    readRulesFile('detect-cryptomining', config),
    metricsReader(config),
    served === undefined ? {} : makeCloud({ ...config, clusters: served }).then((clusters) => ({ clusters })),
  ]);
  return traced('detect-cryptomining', config, {
    ...basics('detect-cryptomining', config),
    bus,
    memory,
    detector,
    ...metrics,
    ...cloud,
  });
};

export const wireDetectThreat = async (env: Environment = process.env): Promise<PortsOf['detect-threat']> => {
  const config = readConfig(env, ['bus']);
  const { project, threatTopics: clusterOfTopic = new Map() } = config;
  const [bus, detector] = await Promise.all([makeBus(config), readRulesFile('detect-threat', config)]);
  return traced('detect-threat', config, {
    ...basics('detect-threat', config),
    bus,
    project,
    clusterOfTopic,
    detector,
  });
};

export const wireDecide = async (env: Environment = process.env): Promise<PortsOf['decide']> => {
  const config = readConfig(env, ['bus', 'store', 'clusters']);
  const [ports, { rules }] = await Promise.all([deciding('decide', config), readRulesFile('decide', config)]);
  return { ...ports, rules: new Map(rules.map((rule) => [rule.id, rule])) };
};

export const wireOperate = async (env: Environment = process.env): Promise<PortsOf['operate']> => {
  const config = readConfig(env, ['bus', 'store', 'clusters']);
  const [ports, verifier] = await Promise.all([deciding('operate', config), makeVerifier(config)]);
  return { ...ports, ...verifier };
};

export const wireContain = async (env: Environment = process.env): Promise<PortsOf['contain']> => {
  const config = readConfig(env, ['bus', 'store', 'evidence', 'clusters']);
  const { clock, log } = basics('contain', config);
  const evidence = await makeEvidence(config);
  const [stores, bus, clusters, compute, { policy }, { capOf }, { stepOf }, { readSettings }, { settingsUnder }] =
    await Promise.all([
      incidentStores(config, log, evidence),
      makeBus(config),
      makeCloud(config),
      makeComputePort(config),
      readPolicyFile('contain', config),
      import('./decision/cap.ts'),
      import('./containment/steps/registry.ts'),
      import('./containment/settings.ts'),
      import('./containment/settings-under.ts'),
    ]);
  const owner = `contain-${clock.random()}`;
  const settings = settingsUnder(policy, readSettings(env));
  return traced('contain', config, {
    clock,
    log,
    bus,
    stores,
    clusters,
    compute,
    evidence,
    owner,
    settings,
    budgets: policy.budgets,
    capOf: (one: Incident) => capOf(policy, one, clock.now()),
    stepOf,
  });
};

export const wireNotify = async (env: Environment = process.env): Promise<PortsOf['notify']> => {
  const config = readConfig(env, ['memory']);
  const { clock, log } = basics('notify', config);
  const [{ threads }, { openNotifiers }, { readNotifySettings }, { makeHttpPost }] = await Promise.all([
    memoryStores(config),
    import('./notifiers/registry.ts'),
    import('./notify-settings.ts'),
    import('./adapters/http-post.ts'),
  ]);
  const notifiers = openNotifiers(readNotifySettings(env), { log, clock, post: makeHttpPost() });
  const spans = await makeTracing('notify', config, log);
  return { clock, log: tracedLog(log, spans), spans, threads, notifiers };
};

export const wireConsole = async (env: Environment = process.env): Promise<PortsOf['console']> => {
  const config = readConfig(env, ['bus', 'store']);
  const { clock, log } = basics('console', config);
  const [{ incidents, hosts, requests, halts }, bus, { policy, hash }, door, exhibits, { exhibitReader, readerOf }] =
    await Promise.all([
      incidentStores(config, log, undefined),
      makeBus(config),
      readPolicyFile('console', config),
      consoleDoor(config, env),
      config.evidence === undefined ? undefined : makeEvidence({ ...config, evidence: config.evidence }),
      import('./console/readers.ts'),
    ]);
  return {
    project: config.project,
    clock,
    log,
    stores: {
      incidents: readerOf(incidents),
      hosts: readerOf(hosts),
      requests: readerOf(requests),
      halts: readerOf(halts),
    },
    send: (request) => bus.publish('requests', request),
    ...(exhibits === undefined ? {} : { evidence: exhibitReader(exhibits) }),
    policy,
    policyHash: hash,
    door,
  };
};

/** How the console knows who looks: verified, or nobody but the one on this machine. */
const consoleDoor = async (config: Config, env: Environment): Promise<Door> => {
  const { verifier } = await makeVerifier(config);
  const { consoleOperator: operator } = config;
  if (verifier !== undefined) return { kind: 'verified', verifier };
  if (operator === undefined)
    throw new Error('FIREBREAK_OPERATOR_AUDIENCE: not set, and this function needs it to know who looks.');
  if (env.K_SERVICE !== undefined)
    throw new Error(
      'FIREBREAK_CONSOLE_OPERATOR: for one machine only; set FIREBREAK_OPERATOR_AUDIENCE where it is deployed.',
    );
  return { kind: 'local', operator };
};

/** What decide and operate have in common: they read the world, write incidents, and know the policy. */
const deciding = async (
  name: 'decide' | 'operate',
  config: ConfigWith<'bus' | 'store' | 'clusters'>,
): Promise<Basics & OperatePorts> => {
  const { clock, log } = basics(name, config);
  const [stores, bus, clusters, compute, { policy, hash }] = await Promise.all([
    incidentStores(config, log, undefined),
    makeBus(config),
    makeCloud(config),
    makeComputePort(config),
    readPolicyFile(name, config),
  ]);
  return traced(name, config, { clock, log, bus, stores, clusters, compute, policy, policyHash: hash });
};

/** The ports of a function, its messages and lines told in spans as well. */
const traced = async <P extends { log: TracedLog; bus: Bus }>(
  name: FunctionName,
  config: Config,
  ports: P,
): Promise<P & { spans: Spans }> => {
  const spans = await makeTracing(name, config, ports.log);
  return { ...ports, log: tracedLog(ports.log, spans), bus: tracedBus(ports.bus, spans), spans };
};

const stdout = makeLines((lines) => void process.stdout.write(lines), setImmediate);
process.on('exit', stdout.flush);

const basics = (name: FunctionName, { project }: Config): Basics => {
  lightenDomains();
  const { write } = stdout;
  return { clock: systemClock, log: makeStdoutLog({ function: name, project, clock: systemClock, write }) };
};

/** Says which file it read, by its hash: `firebreak doctor` holds that against the file that was meant. */
const readPolicyFile = async (name: FunctionName, config: Config): Promise<{ policy: Policy; hash: string }> => {
  const read = await (await import('./policy-of-file.ts')).policyOfFile({
    path: config.policy,
    sha256: config.policySha256,
  });
  basics(name, config).log.info('file -> policy', 'this is the policy', { policy: read.hash });
  return read;
};

const readRulesFile = async (name: FunctionName, config: Config): Promise<Detector> => {
  const { rules: path, rulesSha256: sha256, identities } = config;
  const { detectorOfFile } = await import('./detector-of-file.ts');
  const { detector, hash } = await detectorOfFile({ path, sha256 }, identities);
  basics(name, config).log.info('file -> rules', 'these are the rules', { rules: hash });
  return detector;
};

/** Every wiring by the name of its function. */
export const WIRINGS: { [Name in keyof PortsOf]: (env?: Environment) => Promise<PortsOf[Name]> } = {
  'detect-audit-log': wireDetectAuditLog,
  'detect-cryptomining': wireDetectCryptomining,
  'detect-threat': wireDetectThreat,
  decide: wireDecide,
  operate: wireOperate,
  contain: wireContain,
  notify: wireNotify,
  console: wireConsole,
};
