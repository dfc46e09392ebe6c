import { readClusters, readThreatTopics } from '../config.ts';
import { functionName, subscriptionName, topicName } from '../deployment.ts';
import { FUNCTIONS, type FunctionName, TOPICS } from '../model/ids.ts';
import type { ClusterRef } from '../model/target.ts';
import { TOPICS_OF } from '../serve.ts';
import type { DeployedFunction } from './readers.ts';

const environmentOf = (functions: readonly DeployedFunction[], name: FunctionName): DeployedFunction['environment'] =>
  functions.find((one) => one.name === functionName(name))?.environment ?? {};

/** The clusters that contain is told to serve; none where it cannot be read. */
export const servedBy = (functions: readonly DeployedFunction[]): ClusterRef[] =>
  readClusters(environmentOf(functions, 'contain').FIREBREAK_CLUSTERS ?? '') ?? [];

/** `project/location/cluster`. */
export const clusterText = ({ project, location, cluster }: ClusterRef): string => `${project}/${location}/${cluster}`;

/** The topics, by their wire names, whose alerts are all of one cluster: those that detect-threat is told of. */
const threatTopics = (functions: readonly DeployedFunction[]): string[] => [
  ...(readThreatTopics(environmentOf(functions, 'detect-threat').FIREBREAK_THREAT_TOPICS ?? '')?.keys() ?? []),
];

/** Every topic that must be there, by its wire name. */
export const wantedTopics = (functions: readonly DeployedFunction[]): string[] =>
  [...TOPICS, ...threatTopics(functions)].map(topicName);

/** A subscription that must be there. */
export type Wanted = { name: string; function: FunctionName; topic: string };

/** Every subscription that must be there. */
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
