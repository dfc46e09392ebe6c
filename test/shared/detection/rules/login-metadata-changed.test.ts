import { strict as assert } from 'node:assert';
import { adminEntry } from '../../../../local/scenarios/admin-entry.ts';
import { evaluate } from '../../../../shared/detection/evaluate.ts';
import { loginMetadataChanged } from '../../../../shared/detection/rules/login-metadata-changed.ts';
import { NOW, signalOfPayload } from '../../../fixtures/signals.ts';
import { adminCases } from '../admin-cases.ts';

const NODES = 'projects/p1/zones/europe-west1-b/instanceGroupManagers/gke-c1-pool-1-grp';

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
        ['what a node runs', { metadata: { instanceMetadataDelta: { modifiedMetadataKeys: ['user-data'] } } }],
        ['a script at the end', { metadata: { instanceMetadataDelta: { addedMetadataKeys: ['shutdown-script'] } } }],
        [
          'the template of nodes',
          {
            method: 'v1.compute.instanceGroupManagers.setInstanceTemplate',
            resourceName: NODES,
            metadata: undefined,
            request: { instanceTemplate: 'projects/p1/global/instanceTemplates/t2' },
          },
        ],
        [
          'the same, by a patch of a group of a region',
          {
            method: 'v1.compute.regionInstanceGroupManagers.patch',
            resourceName: NODES,
            metadata: undefined,
            request: { versions: [{ instanceTemplate: 'projects/p1/global/instanceTemplates/t2' }] },
          },
        ],
        ['where the entry has no delta', { metadata: undefined, request: { items: [{ key: 'sshKeys' }] } }],
      ],
      misses: [
        ['other keys', { metadata: { instanceMetadataDelta: { addedMetadataKeys: ['cluster-name'] } } }],
        ['a key that is taken away', { metadata: { instanceMetadataDelta: { deletedMetadataKeys: ['ssh-keys'] } } }],
        [
          'the service of clusters',
          { principal: 'service-123456789012@container-engine-robot.iam.gserviceaccount.com' },
        ],
        [
          'the size of a group of nodes',
          {
            method: 'v1.compute.instanceGroupManagers.patch',
            resourceName: NODES,
            metadata: undefined,
            request: { targetSize: '3' },
          },
        ],
        [
          'the template of other machines',
          {
            method: 'v1.compute.instanceGroupManagers.setInstanceTemplate',
            resourceName: 'projects/p1/zones/europe-west1-b/instanceGroupManagers/web',
            metadata: undefined,
            request: { instanceTemplate: 'projects/p1/global/instanceTemplates/t2' },
          },
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

  it('gives one finding where both entries of an operation name the changed keys', () => {
    const entry = adminEntry({
      service: 'compute.googleapis.com',
      method: 'v1.compute.instances.setMetadata',
      request: { items: [{ key: 'ssh-keys' }] },
    });
    const idBy = (insertId: string, operation: unknown): string | undefined =>
      evaluate(signalOfPayload({ ...entry, insertId, operation }), NOW, [loginMetadataChanged])[0]?.id;
    const began = idBy('a1', { id: 'o', first: true });
    assert.ok(began);
    assert.equal(idBy('a2', { id: 'o', last: true }), began);
  });
});
