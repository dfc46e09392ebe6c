import { strict as assert } from 'node:assert';
import { cluster, tellsOf } from '../broken.ts';
import { type Deployment, healthy } from '../deployment.ts';
import { nodeOf } from '../deployment-parts.ts';
import { examineProject } from '../kit.ts';

const C1 = 'p1/europe-west1/c1';

const adds = (d: Deployment, ...names: string[]): void => {
  cluster(d).objects.push(...names.map((name) => nodeOf(name)));
};

describe('firebreak doctor: node-names', () => {
  it('leaves the VMs of Autopilot alone', async () => {
    const deployment = healthy();
    adds(deployment, 'gk3-c1-pool-1-ab12');
    Object.assign(cluster(deployment).described, { autopilot: { enabled: true } });
    const { examined } = await examineProject(deployment, { checks: ['node-names'] });
    assert.deepEqual(
      examined.flatMap(({ verdicts }) => verdicts),
      [{ status: 'ok', subject: C1, says: 'is Autopilot, so its VMs are left alone' }],
    );
  });

  it('counts the nodes, except those of another project', async () => {
    const deployment = healthy();
    adds(deployment, 'gke-c1-pool-2-ab12');
    cluster(deployment).objects.push(nodeOf('edge-1', 'p2'));
    const { examined } = await examineProject(deployment, { checks: ['node-names'] });
    assert.deepEqual(
      examined.flatMap(({ verdicts }) => verdicts),
      [{ status: 'ok', subject: C1, says: '2 nodes have a name that is expected' }],
    );
  });
});

tellsOf('node-names', [
  {
    what: 'nodes with other names, of which a few are named',
    status: 'fail',
    subject: C1,
    says: /^has nodes with other names .* done to these VMs: gk3-c1-nap-1, gk3-c1-nap-2, gk3-c1-nap-3 and 1 more$/,
    next: /^terraform apply {2}# with node_prefix/,
    breaks: (d) => adds(d, ...[1, 2, 3, 4].map((at) => `gk3-c1-nap-${at}`)),
  },
  {
    what: 'nodes that may not be listed',
    status: 'fail',
    subject: C1,
    says: /403|refused/i,
    next: /^gcloud container clusters get-credentials c1 --location=europe-west1 --project=p1 && kubectl auth can-i list nodes$/,
    breaks: (d) => void d.refused.set('kubernetes /europe-west1/c1/api/v1/nodes', 403),
  },
]);
