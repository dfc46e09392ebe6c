import { gitRepoVolume } from '../../../../shared/detection/rules/git-repo-volume.ts';
import { deployment, pod, podSpec } from '../../../fixtures/workloads.ts';
import { ruleCases } from '../cases.ts';

const cloning = (gitRepo: Record<string, unknown>) => podSpec({}, { volumes: [{ name: 'source', gitRepo }] });
const BASE = {
  verb: 'create',
  resource: 'pods',
  namespace: 'shop',
  name: 'cart-7d9f',
  request: pod(cloning({ repository: 'https://git.example.com/x.git', directory: 'x/.git' })),
};
const PLAIN = cloning({ repository: 'https://git.example.com/x.git', directory: '.', revision: 'main' });

describe('rule git-repo-volume', () => {
  ruleCases(gitRepoVolume, BASE, {
    fires: [
      ['into a folder', { request: pod(PLAIN) }, { severity: 'medium', confidence: 0.55 }],
      [
        'in a template',
        { group: 'apps', resource: 'deployments', name: 'cart', request: deployment(PLAIN) },
        { severity: 'medium', confidence: 0.55 },
      ],
      ['from a folder of the node', { request: pod(cloning({ repository: '/var/lib/kubelet/pods' })) }],
      ['from a file of the node', { request: pod(cloning({ repository: 'file:///etc' })) }],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.75 }],
    ],
    misses: [
      ['another volume', { request: pod(podSpec({}, { volumes: [{ name: 'tmp', emptyDir: {} }] })) }],
      ['lost to a conflict', { code: 10 }],
    ],
  });
});
