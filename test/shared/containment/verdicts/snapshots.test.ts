import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { countingSnapshot, snapshotName, snapshotSources } from '../../../../shared/containment/verdicts/snapshots.ts';
import { isComputeName } from '../../../../shared/kubernetes/names.ts';
import type { Instance, Snapshot } from '../../../../shared/model/compute.ts';

const NOW = Date.parse('2026-03-02T03:30:00.000Z');
const SINCE = '2026-03-02T03:00:00.000Z';
const snapshot = (minute: number, status: Snapshot['status'] = 'READY', name = 's'): Snapshot => ({
  id: '1',
  name,
  project: 'p1',
  status,
  createdAt: new Date(NOW - (30 - minute) * 60_000).toISOString(),
  sourceDisk: 'd',
  sourceDiskId: '2',
  labels: {},
});
const disk = (given: Partial<Instance['disks'][number]>): Instance['disks'][number] => ({
  deviceName: 'd0',
  boot: false,
  autoDelete: true,
  type: 'PERSISTENT',
  mode: 'READ_WRITE',
  ...given,
});
const instance = (disks: Instance['disks']): Instance => ({
  id: '1',
  name: 'n',
  project: 'p1',
  zone: 'europe-west1-b',
  status: 'RUNNING',
  createdAt: SINCE,
  tags: { items: [], fingerprint: '' },
  metadata: { items: {}, fingerprint: '' },
  labels: {},
  disks,
  interfaces: [],
  serviceAccounts: [],
});

describe('containment/verdicts/snapshots', () => {
  it('gives each disk of an incident its own stable name, which Compute Engine accepts', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (incident, id) => {
        assert.equal(snapshotName(incident, id), snapshotName(incident, id));
        assert.ok(isComputeName(snapshotName(incident, id)));
        assert.notEqual(snapshotName(incident, id), snapshotName(incident, `${id}x`));
      }),
    );
  });

  it('lists each persistent disk once, and names local disks as lost', () => {
    const found = snapshotSources(
      instance([
        disk({ source: 'a' }),
        disk({ source: 'b' }),
        disk({ source: 'a' }),
        disk({ type: 'SCRATCH', deviceName: 'ssd', source: 'c' }),
      ]),
    );
    assert.deepEqual(found, { disks: ['a', 'b'], lost: ['ssd'], unknown: [] });
  });

  it('does not list a disk of an unknown type as lost', () => {
    const found = snapshotSources(
      instance([disk({ type: 'UNKNOWN', source: 'a' }), disk({ type: 'UNKNOWN', deviceName: 'odd' })]),
    );
    assert.deepEqual(found, { disks: ['a'], lost: [], unknown: ['odd'] });
  });

  it('accepts a snapshot since the first finding and of the last hour, and prefers a finished one', () => {
    assert.equal(countingSnapshot([snapshot(-1)], 'own', SINCE, NOW), undefined);
    assert.equal(countingSnapshot([snapshot(0)], 'own', SINCE, NOW)?.name, 's', 'made at that very moment');
    assert.equal(countingSnapshot([snapshot(10)], 'own', SINCE, NOW + 50 * 60_000), undefined);
    assert.equal(
      countingSnapshot([snapshot(20, 'CREATING', 'new'), snapshot(10, 'READY', 'old')], 'own', SINCE, NOW)?.name,
      'old',
    );
    assert.equal(countingSnapshot([snapshot(20, 'CREATING', 'new')], 'own', SINCE, NOW)?.name, 'new');
    const later = NOW + 24 * 60 * 60_000;
    assert.equal(countingSnapshot([snapshot(10, 'READY', 'own')], 'own', SINCE, later)?.name, 'own');
    assert.equal(countingSnapshot([snapshot(10, 'FAILED', 'own')], 'own', SINCE, later), undefined);
    assert.equal(countingSnapshot([snapshot(20, 'FAILED'), snapshot(20, 'DELETING')], 'own', SINCE, NOW), undefined);
  });

  it('finds a finished snapshot wherever it stands in the list', () => {
    const status = fc.constantFrom<Snapshot['status']>('READY', 'CREATING', 'UPLOADING', 'FAILED', 'DELETING');
    const any = fc.tuple(fc.integer({ min: -60, max: 30 }), status).map(([minute, s]) => snapshot(minute, s));
    fc.assert(
      fc.property(fc.array(any, { maxLength: 8 }), (list) => {
        const found = countingSnapshot(list, 'own', SINCE, NOW);
        assert.equal(
          countingSnapshot(list.toReversed(), 'own', SINCE, NOW)?.status === 'READY',
          found?.status === 'READY',
        );
        if (found !== undefined) assert.ok(found.createdAt >= SINCE);
      }),
    );
  });
});
