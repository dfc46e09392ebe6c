import { snapshotName } from '../../../../shared/containment/verdicts/snapshots.ts';
import { recoveryDeleted } from '../../../../shared/detection/rules/recovery-deleted.ts';
import { adminCases } from '../admin-cases.ts';

const NIGHTLY = 'projects/p1/global/snapshots/nightly-1';
const MEDIUM = { severity: 'medium', confidence: 0.5 } as const;

describe('recovery-deleted', () => {
  adminCases(
    recoveryDeleted,
    {
      service: 'compute.googleapis.com',
      method: 'v1.compute.snapshots.delete',
      resourceName: `projects/p1/global/snapshots/${snapshotName('i-0123456789ab-1', '42')}`,
    },
    {
      fires: [
        ["another's snapshot", { resourceName: NIGHTLY }, MEDIUM],
        ['one that is called like ours', { resourceName: 'projects/p1/global/snapshots/fb-nightly' }, MEDIUM],
        [
          'one of a region',
          { method: 'v1.compute.regionSnapshots.delete', resourceName: 'projects/p1/regions/r/snapshots/a' },
          MEDIUM,
        ],
        [
          'an instant one',
          { method: 'beta.compute.instantSnapshots.delete', resourceName: 'projects/p1/zones/z/instantSnapshots/a' },
          MEDIUM,
        ],
        [
          'by a service account',
          { resourceName: NIGHTLY, principal: 'retention@p1.iam.gserviceaccount.com' },
          { severity: 'medium', confidence: 0.3 },
        ],
        ['evidence, by a service account', { principal: 'retention@p1.iam.gserviceaccount.com' }],
      ],
      misses: [
        ['a disk', { method: 'v1.compute.disks.delete' }],
        ['a snapshot that is made', { method: 'v1.compute.snapshots.insert' }],
        ['a snapshot that is labelled', { method: 'v1.compute.snapshots.setLabels' }],
        ['by a schedule', { principal: 'service-104857600000@compute-system.iam.gserviceaccount.com' }],
      ],
    },
  );

  adminCases(
    { ...recoveryDeleted, ...MEDIUM },
    {
      service: 'gkebackup.googleapis.com',
      method: 'google.cloud.gkebackup.v1.BackupForGKE.DeleteBackup',
      resourceName: 'projects/p1/locations/europe-west1/backupPlans/daily/backups/b1',
    },
    {
      fires: [['a plan', { method: 'google.cloud.gkebackup.v1.BackupForGKE.DeleteBackupPlan' }]],
      misses: [['a restore', { method: 'google.cloud.gkebackup.v1.BackupForGKE.DeleteRestore' }]],
    },
  );

  const UPDATE = 'UpdateCryptoKeyVersion';
  adminCases(
    { ...recoveryDeleted, ...MEDIUM },
    {
      service: 'cloudkms.googleapis.com',
      method: 'DestroyCryptoKeyVersion',
      resourceName: 'projects/p1/locations/europe-west1/keyRings/r/cryptoKeys/etcd/cryptoKeyVersions/1',
    },
    {
      fires: [
        ['a key that is disabled', { method: UPDATE, request: { cryptoKeyVersion: { state: 'DISABLED' } } }],
        [
          'by a service account',
          { principal: 'terraform@p1.iam.gserviceaccount.com' },
          { severity: 'medium', confidence: 0.3 },
        ],
      ],
      misses: [
        ['a key that is enabled', { method: UPDATE, request: { cryptoKeyVersion: { state: 'ENABLED' } } }],
        ['another change of a key', { method: UPDATE, request: { cryptoKeyVersion: { name: 'a' } } }],
        ['a key that is restored', { method: 'RestoreCryptoKeyVersion' }],
        ['a key that is made', { method: 'CreateCryptoKeyVersion' }],
      ],
    },
  );
});
