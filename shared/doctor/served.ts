import { functionName, subscriptionName, topicName } from '../deployment.ts';
import { readClusters, readThreatTopics } from '../environment.ts';
import { FUNCTIONS, type FunctionName, TOPICS } from '../model/ids.ts';
import type { ClusterRef } from '../model/target.ts';
import { TOPICS_OF } from '../serve.ts';
import type { DeployedFunction } from './readers.ts';

/** One of our functions among the deployed ones; undefined where it is not deployed. */
export const deployed = (functions: readonly DeployedFunction[], name: FunctionName): DeployedFunction | undefined =>
  functions.find((one) => one.name === functionName(name));

const environmentOf = (functions: readonly DeployedFunction[], name: FunctionName): DeployedFunction['environment'] =>
  deployed(functions, name)?.environment ?? {};

/** The bucket in which contain keeps the evidence; undefined where its setting names none. */
export const evidenceBucket = (functions: readonly DeployedFunction[]): string | undefined =>
  /^gs:\/\/(.+)$/.exec(environmentOf(functions, 'contain').FIREBREAK_EVIDENCE ?? '')?.[1];

/** The clusters that the function contain is set to serve; empty where its setting cannot be read. */
export const servedBy = (functions: readonly DeployedFunction[]): ClusterRef[] =>
  readClusters(environmentOf(functions, 'contain').FIREBREAK_CLUSTERS ?? '') ?? [];

/** Whether the functions that call clusters do so through a subnetwork, in which they reach private endpoints. */
export const isWithin = (functions: readonly DeployedFunction[]): boolean =>
  environmentOf(functions, 'contain').FIREBREAK_NETWORK === 'vpc';

/**
 * The topics that carry the alerts of one cluster each, from the setting of detect-threat, without the prefix of wire
 * names.
 */
const threatTopics = (functions: readonly DeployedFunction[]): string[] => [
  ...(readThreatTopics(environmentOf(functions, 'detect-threat').FIREBREAK_THREAT_TOPICS ?? '')?.keys() ?? []),
];

/** The wire names of every topic that must exist. */
export const wantedTopics = (functions: readonly DeployedFunction[]): string[] =>
  [...TOPICS, ...threatTopics(functions)].map(topicName);

/** A subscription that must exist. `topic` is a wire name. */
export type Wanted = { name: string; function: FunctionName; topic: string };

/** Every subscription that must exist. */
export const wantedSubscriptions = (functions: readonly DeployedFunction[]): Wanted[] => [
  ...FUNCTIONS.flatMap((name) =>
    TOPICS_OF[name].map((topic) => ({ name: subscriptionName(name, topic), function: name, topic: topicName(topic) })),
  ),
  ...threatTopics(functions).map((topic) => ({
    name: subscriptionName('detect-threat', topic),
    function: 'detect-threat' as const,
    topic: topicName(topic),
  })),
];
