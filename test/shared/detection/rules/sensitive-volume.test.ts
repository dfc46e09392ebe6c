import { sensitiveVolume } from '../../../../shared/detection/rules/sensitive-volume.ts';
import { ruleCases } from '../cases.ts';

const volume = (source: Record<string, unknown>): Record<string, unknown> => ({
  kind: 'PersistentVolume',
  metadata: { name: 'data-0' },
  spec: { capacity: { storage: '1Gi' }, ...source },
});
const BASE = {
  verb: 'create',
  resource: 'persistentvolumes',
  name: 'data-0',
  request: volume({ hostPath: { path: '/', type: 'Directory' } }),
};
const MEDIUM = { severity: 'medium' } as const;

describe('rule sensitive-volume', () => {
  ruleCases(sensitiveVolume, BASE, {
    fires: [
      [
        'of the kubelet, on the disk of a node',
        { request: volume({ local: { path: '/mnt/stateful_partition/var/lib/kubelet' } }) },
      ],
      ['of /etc', { request: volume({ hostPath: { path: '/etc' } }) }, MEDIUM],
      [
        'of the programs of a node',
        { request: volume({ hostPath: { path: '/usr' } }) },
        { severity: 'low', confidence: 0.4 },
      ],
      ['only in the answer', { request: undefined, response: volume({ hostPath: { path: '/' } }) }],
      ['applied by the server', { verb: 'patch' }],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.6 }],
    ],
    misses: [
      ['of a local disk', { request: volume({ local: { path: '/mnt/disks/ssd0' } }) }],
      [
        'of a disk in the cloud',
        { request: volume({ csi: { driver: 'pd.csi.storage.gke.io', volumeHandle: '/etc' } }) },
      ],
      [
        'a patch of labels of one that is there',
        { verb: 'patch', request: { metadata: { labels: {} } }, response: BASE.request },
      ],
      [
        'bound by who binds',
        { verb: 'update', principal: 'system:serviceaccount:kube-system:persistent-volume-binder' },
      ],
      ['made already', { code: 6 }],
      ['a claim', { resource: 'persistentvolumeclaims', namespace: 'shop' }],
    ],
  });
});
