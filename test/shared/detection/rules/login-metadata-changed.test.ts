import { strict as assert } from 'node:assert';
import { adminEntry } from '../../../../local/scenarios/admin-entry.ts';
import { evaluate } from '../../../../shared/detection/evaluate.ts';
import { loginMetadataChanged } from '../../../../shared/detection/rules/login-metadata-changed.ts';
import { NOW, signalOfPayload } from '../../../fixtures/signals.ts';
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

  it('fires on the last entry of an operation, which names the changed keys', () => {
    const ssh = 'v1.compute.projects.setCommonInstanceMetadata';
    const entry = adminEntry({
      service: 'compute.googleapis.com',
      method: ssh,
      operation: { id: 'o', first: true, last: true },
      metadata: { projectMetadataDelta: { modifiedMetadataKeys: ['ssh-keys'] } },
    });
    const signal = (operation: unknown) => signalOfPayload({ ...entry, operation });
    const rules = (operation: unknown) => evaluate(signal(operation), NOW, [loginMetadataChanged]).length;
    assert.equal(rules({ id: 'o', last: true, producer: 'compute.googleapis.com' }), 1);
    const first = adminEntry({ service: 'compute.googleapis.com', method: ssh, operation: { id: 'o', first: true } });
    assert.equal(evaluate(signalOfPayload(first), NOW, [loginMetadataChanged]).length, 0);
  });
});
