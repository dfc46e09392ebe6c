import { changes } from './cluster-changes.ts';
import { type ClusterHarness, givenOf } from './cluster-kit.ts';
import { patches } from './cluster-patches.ts';
import { reads } from './cluster-reads.ts';
import { refusals } from './cluster-refusals.ts';
import { workloads } from './cluster-workloads.ts';

/**
 * The contract of a cluster behind the ports ClusterReader and ClusterWriter: it must behave like the real API server.
 */
export const clusterContract = (name: string, open: () => Promise<ClusterHarness>): void => {
  describe(`cluster contract: ${name}`, () => {
    let harness: ClusterHarness | undefined;
    const given = givenOf(() => {
      if (harness === undefined) throw new Error('The cluster under test is not open yet.');
      return harness;
    });
    before(async () => {
      harness = await open();
    });
    after(() => harness?.stop());
    for (const cases of [reads, changes, patches, workloads, refusals]) cases(given);
  });
};
