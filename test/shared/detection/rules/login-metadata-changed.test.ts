import { loginMetadataChanged } from '../../../../shared/detection/rules/login-metadata-changed.ts';
import { adminCases } from '../admin-cases.ts';

describe('login-metadata-changed', () => {
  adminCases(
    loginMetadataChanged,
    {
      service: 'compute.googleapis.com',
      method: 'v1.compute.instances.setMetadata',
      metadata: { instanceMetadataDelta: { addedMetadataKeys: ['ssh-keys'] } },
    },
    {
      fires: [
        [
          'of all VMs',
          {
            method: 'v1.compute.projects.setCommonInstanceMetadata',
            metadata: { projectMetadataDelta: { modifiedMetadataKeys: ['ssh-keys'] } },
          },
        ],
        ['a script', { metadata: { instanceMetadataDelta: { modifiedMetadataKeys: ['startup-script-url'] } } }],
        ['where the entry has no delta', { metadata: undefined, request: { items: [{ key: 'sshKeys' }] } }],
      ],
      misses: [
        ['other keys', { metadata: { instanceMetadataDelta: { addedMetadataKeys: ['cluster-name'] } } }],
        ['a key that is taken away', { metadata: { instanceMetadataDelta: { deletedMetadataKeys: ['ssh-keys'] } } }],
        [
          'the service of clusters',
          { principal: 'service-123456789012@container-engine-robot.iam.gserviceaccount.com' },
        ],
        ['labels', { method: 'v1.compute.instances.setLabels' }],
      ],
    },
  );
});
