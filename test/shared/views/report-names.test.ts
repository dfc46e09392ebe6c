import { strict as assert } from 'node:assert';
import { Malformed } from '../../../shared/errors.ts';
import { kindArgument, placeOf, printable, vmWords } from '../../../shared/views/report-names.ts';
import { host } from './report-fixtures.ts';

const DISKS = 'https://www.googleapis.com/compute/v1/projects/p1';

describe('names in the commands of a report', () => {
  it('are no text that a terminal would not show as it stands', () => {
    assert.equal(printable('app=cart; $(x)'), 'app=cart; $(x)');
    for (const text of ['', 'a\u001b[2Jb', 'a\nb', 'a\u202eb', ' a', 'x'.repeat(513)])
      assert.throws(() => printable(text), Malformed, JSON.stringify(text));
  });

  it('have the flag of their zone or their region', () => {
    const whereOf = (path: string): string => placeOf(`${DISKS}/${path}`, 'source-disk-').where;
    assert.equal(whereOf('zones/europe-west1-b/disks/d1'), '--source-disk-zone=europe-west1-b');
    assert.equal(whereOf('regions/europe-west1/disks/d1'), '--source-disk-region=europe-west1');
    assert.throws(() => placeOf('d1'), Malformed);
  });

  it('have the group of a kind where it has one', () => {
    assert.equal(kindArgument({ apiVersion: 'apps/v1', kind: 'Deployment' }), 'deployment.apps');
    assert.equal(kindArgument({ apiVersion: 'v1', kind: 'ReplicationController' }), 'replicationcontroller');
    assert.throws(() => kindArgument({ apiVersion: 'a b/v1', kind: 'Deployment' }), Malformed);
  });

  it('are none of a VM where any part of its name is unknown', () => {
    assert.deepEqual(vmWords(host).at, ['--zone=europe-west1-b', '--project=p1']);
    for (const part of ['instance', 'zone', 'project'] as const)
      assert.throws(() => vmWords({ ...host, [part]: undefined }), Malformed, part);
  });
});
