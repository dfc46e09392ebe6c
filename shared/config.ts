import type { z } from 'zod';
import { variables } from './environment.ts';
import type { ClusterRef } from './model/target.ts';
import { type Environment, readEnvironment, unusable } from './read-environment.ts';
import type { EvidenceSetting, StoreSetting } from './store-setting.ts';

/** The settings of a function, mostly the services behind its ports; undefined: not set. */
export type Config = {
  project: string;
  bus: { kind: 'rest'; endpoint: string } | { kind: 'pubsub' } | undefined;
  store: StoreSetting | undefined;
  memory: StoreSetting | undefined;
  evidence: EvidenceSetting | undefined;
  clusters: readonly ClusterRef[] | undefined;
  /** `vpc`: this function is in a network that reaches private endpoints of clusters. */
  network: 'vpc' | undefined;
  /** Topics (without their prefix) whose alerts all concern one cluster, with that cluster. */
  threatTopics: ReadonlyMap<string, ClusterRef> | undefined;
  /** In place of the real services: Google's emulators, as `HOST:PORT`. */
  pubsubEmulator: string | undefined;
  firestoreEmulator: string | undefined;
  /** In place of the real services: origins of the simulated ones, and the bearer token for them. */
  containerEndpoint: string | undefined;
  computeEndpoint: string | undefined;
  token: string | undefined;
  loggingEndpoint: string | undefined;
  monitoringEndpoint: string | undefined;
  /** Where spans are sent, by OTLP over HTTP; undefined: nowhere. */
  otlpEndpoint: string | undefined;
  /** Path of the policy file, and the SHA-256 that it must have: that of the file that was applied. */
  policy: string | undefined;
  policySha256: string | undefined;
  /** Path of the rules file: facts about this deployment, and rules of its own. `rulesSha256` as with the policy. */
  rules: string | undefined;
  rulesSha256: string | undefined;
  /** The audiences that operators' tokens must be for; undefined: no identity is verified. */
  operatorAudience: readonly string[] | undefined;
  /** The principals that Firebreak's own functions act as. */
  identities: readonly string[] | undefined;
  /** The operator whose name the console uses where it verifies nobody: on one machine only. */
  consoleOperator: string | undefined;
};
/** A Config in which the named settings are set. */
export type ConfigWith<K extends keyof Config> = Config & { [Name in K]: NonNullable<Config[Name]> };

type Variable = keyof z.infer<typeof variables>;

/** The variable from which each setting is read. */
const VARIABLE_OF = {
  project: 'FIREBREAK_PROJECT',
  bus: 'FIREBREAK_BUS',
  store: 'FIREBREAK_STORE',
  memory: 'FIREBREAK_MEMORY_STORE',
  evidence: 'FIREBREAK_EVIDENCE',
  clusters: 'FIREBREAK_CLUSTERS',
  network: 'FIREBREAK_NETWORK',
  threatTopics: 'FIREBREAK_THREAT_TOPICS',
  pubsubEmulator: 'PUBSUB_EMULATOR_HOST',
  firestoreEmulator: 'FIRESTORE_EMULATOR_HOST',
  containerEndpoint: 'FIREBREAK_CONTAINER_ENDPOINT',
  computeEndpoint: 'FIREBREAK_COMPUTE_ENDPOINT',
  loggingEndpoint: 'FIREBREAK_LOGGING_ENDPOINT',
  monitoringEndpoint: 'FIREBREAK_MONITORING_ENDPOINT',
  otlpEndpoint: 'FIREBREAK_OTLP_ENDPOINT',
  token: 'FIREBREAK_TOKEN',
  policy: 'FIREBREAK_POLICY',
  policySha256: 'FIREBREAK_POLICY_SHA256',
  rules: 'FIREBREAK_RULES',
  rulesSha256: 'FIREBREAK_RULES_SHA256',
  operatorAudience: 'FIREBREAK_OPERATOR_AUDIENCE',
  identities: 'FIREBREAK_IDENTITIES',
  consoleOperator: 'FIREBREAK_CONSOLE_OPERATOR',
} as const satisfies Record<keyof Config, Variable>;

/**
 * Reads the environment of a function.
 *
 * @throws Error that names every variable that cannot be read, else every one of `required` that is not set.
 */
export const readConfig = <K extends keyof Config = never>(
  env: Environment,
  required: readonly K[] = [],
): ConfigWith<K> => {
  const data = readEnvironment(variables, env);
  const config: Config = {
    project: data.FIREBREAK_PROJECT,
    bus: data.FIREBREAK_BUS,
    store: data.FIREBREAK_STORE,
    memory: data.FIREBREAK_MEMORY_STORE,
    evidence: data.FIREBREAK_EVIDENCE,
    clusters: data.FIREBREAK_CLUSTERS,
    network: data.FIREBREAK_NETWORK,
    threatTopics: data.FIREBREAK_THREAT_TOPICS,
    pubsubEmulator: data.PUBSUB_EMULATOR_HOST,
    firestoreEmulator: data.FIRESTORE_EMULATOR_HOST,
    containerEndpoint: data.FIREBREAK_CONTAINER_ENDPOINT,
    computeEndpoint: data.FIREBREAK_COMPUTE_ENDPOINT,
    loggingEndpoint: data.FIREBREAK_LOGGING_ENDPOINT,
    monitoringEndpoint: data.FIREBREAK_MONITORING_ENDPOINT,
    otlpEndpoint: data.FIREBREAK_OTLP_ENDPOINT ?? data.OTEL_EXPORTER_OTLP_ENDPOINT,
    token: data.FIREBREAK_TOKEN,
    policy: data.FIREBREAK_POLICY,
    policySha256: data.FIREBREAK_POLICY_SHA256,
    rules: data.FIREBREAK_RULES,
    rulesSha256: data.FIREBREAK_RULES_SHA256,
    operatorAudience: data.FIREBREAK_OPERATOR_AUDIENCE,
    identities: data.FIREBREAK_IDENTITIES,
    consoleOperator: data.FIREBREAK_CONSOLE_OPERATOR,
  };
  if (hasAll(config, required)) return config;
  const missing = required.filter((name) => config[name] === undefined);
  throw unusable(missing.map((name) => `${VARIABLE_OF[name]}: not set, and this function needs it`));
};

const hasAll = <K extends keyof Config>(config: Config, names: readonly K[]): config is ConfigWith<K> =>
  names.every((name) => config[name] !== undefined);
