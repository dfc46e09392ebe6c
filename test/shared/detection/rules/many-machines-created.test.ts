import { strict as assert } from 'node:assert';
import type { AdminEntryParts } from '../../../../local/scenarios/admin-entry.ts';
import { manyMachinesCreated } from '../../../../shared/detection/rules/many-machines-created.ts';
import { historyCases, play, repeated } from '../history-cases.ts';

const inZone = (zone: string, change: Partial<AdminEntryParts> = {}): AdminEntryParts => ({
  service: 'compute.googleapis.com',
  method: 'v1.compute.instances.insert',
  resourceName: `projects/p1/zones/${zone}/instances/worker`,
  ...change,
});
const zones = (count: number, change: Partial<AdminEntryParts> = {}) =>
  repeated(count, 20, (n) => inZone(`europe-west${n}-b`, change));

describe('many-machines-created', () => {
  historyCases(manyMachinesCreated, {
    fires: [
      ['one in each of four zones', zones(4)],
      ['by a service account', zones(4, { principal: 'deploy@p1.iam.gserviceaccount.com' })],
      ['many at once in each', zones(4, { method: 'v1.compute.instances.bulkInsert' })],
    ],
    misses: [
      ['three zones', zones(3)],
      ['by as many people', repeated(6, 20, (n) => inZone(`z${n}`, { principal: `u${n}@example.com` }))],
      ['refused', zones(6, { code: 7 })],
      ['over a day', repeated(6, 400, (n) => inZone(`europe-west${n}-b`))],
      ['by instance groups', zones(6, { principal: '104857600000@cloudservices.gserviceaccount.com' })],
      ['deleted', zones(6, { method: 'v1.compute.instances.delete' })],
      ['the ends of operations', zones(6, { operation: { id: 'o', last: true } })],
      ['nine in one zone', repeated(9, 20, inZone('europe-west1-b'))],
    ],
  });

  it('has a lower claim for ten machines in one zone', () => {
    const [found, ...more] = play(manyMachinesCreated, repeated(10, 20, inZone('europe-west1-b'))).flat();
    assert.deepEqual([found?.severity, found?.confidence, more.length], ['medium', 0.5, 0]);
  });

  it('names project and principal as the target', () => {
    const [found] = play(manyMachinesCreated, zones(4)).flat();
    assert.deepEqual(found?.target, { project: 'p1', principal: 'ana@example.com' });
  });
});
