import { readClusters } from '../config.ts';
import { functionName } from '../deployment.ts';
import type { ClusterRef } from '../model/target.ts';
import type { DeployedFunction } from './readers.ts';

/** The clusters that contain is told to serve; none where it cannot be read. */
export const servedBy = (functions: readonly DeployedFunction[]): ClusterRef[] => {
  const contain = functions.find(({ name }) => name === functionName('contain'));
  return readClusters(contain?.environment.FIREBREAK_CLUSTERS ?? '') ?? [];
};

/** `location/cluster`, with its project where that is another. */
export const clusterText = ({ project, location, cluster }: ClusterRef): string => `${project}/${location}/${cluster}`;
