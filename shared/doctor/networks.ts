import { computeUrl, parseComputeUrl } from '../compute-url.ts';
import type { ProjectReader } from './readers.ts';
import { servedBy } from './served.ts';

/** The networks of the served clusters, by their partial URLs. */
export const networksOf = async (project: ProjectReader): Promise<string[]> => {
  const served = servedBy(await project.functions());
  const ports = project.clusters(served);
  const described = await Promise.all(
    served.map(async (ref) => {
      const { network } = await ports.describe(ref);
      if (network === undefined) return [];
      const url = parseComputeUrl(network) ?? { project: ref.project, collection: 'networks', name: network };
      return [computeUrl(url)];
    }),
  );
  return [...new Set(described.flat())];
};
