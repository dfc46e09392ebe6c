import { basics, deciding, readPolicyFile, readRulesFile, traced } from './basics.ts';
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
import { type Config, readConfig } from './config.ts';
import type { Door } from './console/operator.ts';
import type { Incident } from './model/incident.ts';
import type { PortsOf } from './ports-of.ts';
import type { Environment } from './read-environment.ts';
import { tracedLog } from './traced.ts';

/*
 * One wiring for each function. It reads the environment once and makes the function's clients. It throws Error, naming
 * the variable, where the environment is not usable. Each function imports only its own wiring, so that its archive
 * holds no clients of others.
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

/** How the console knows its user: by a verified identity, or as the only operator of this machine. */
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
