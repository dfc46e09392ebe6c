import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { SHOP } from '../../../local/world/seed.ts';
import { object, portsOf, resolved } from './resolving.ts';

const JOB = object('Job', 'pack', 'job-1', {
  apiVersion: 'batch/v1',
  spec: { selector: { matchLabels: { job: 'pack' } } },
});
const pod = (n: number) =>
  object(
    'Pod',
    `pack-${n}`,
    `pod-${n}`,
    { spec: { nodeName: 'n9', containers: [] }, metadata: { labels: { job: 'pack' } } },
    [{ kind: 'Job', name: 'pack', uid: 'job-1', apiVersion: 'batch/v1', controller: true }],
  );
const podsOf = (count: number) => Array.from({ length: count }, (_, n) => pod(n));
const TARGET = { ...SHOP, namespace: 'shop', workload: { kind: 'Job', name: 'pack' } };
const ask = (kind: string, objects = [JOB, ...podsOf(1)]) =>
  resolved(portsOf({ objects }), { ...SHOP, namespace: 'shop', workload: { kind, name: 'pack' } });

describe('a resolved workload', () => {
  it('is held with 60 of its pods, and says of how many more that nothing is done to them', async () => {
    const all = await ask('Job', [JOB, ...podsOf(60)]);
    assert.equal(all.subjects.length, 61);
    assert.ok(all.notes.every((note) => !note.includes('are examined')));
    const { subjects, notes } = await ask('Job', [JOB, ...podsOf(61)]);
    assert.equal(subjects.length, 61);
    assert.ok(notes.includes('it has 61 pods, of which 60 are examined: nothing is done to the others'));
  });

  it('is held where its namespace has too much in it to be read to the end, and says so', async () => {
    const cut = 'the cluster has more';
    const { subjects, notes } = await resolved(portsOf({ objects: [JOB, pod(1)], cut }), TARGET);
    assert.deepEqual(
      subjects.map(({ uid }) => uid),
      ['job-1', 'pod-1'],
    );
    assert.ok(notes.includes(`${cut}: nothing is done to pods of it that were not seen, unless you name them`));
  });

  it('is found without a read of the controllers of other pods', async () => {
    const other = { kind: 'StatefulSet', name: 'db', uid: 'db-1', apiVersion: 'apps/v1', controller: true };
    const objects = [JOB, pod(1), object('Pod', 'db-0', 'pod-db', { spec: { containers: [] } }, [other])];
    const { subjects } = await resolved(portsOf({ objects, busy: 'StatefulSet' }), TARGET);
    assert.equal(subjects.length, 2);
  });

  it('says what is not known of its pods', async () => {
    assert.deepEqual((await ask('Job')).notes, ['pod pack-0: its node no longer exists']);
  });

  it('is not looked up by the name of a field that every object has', async () => {
    for (const kind of ['constructor', 'toString']) {
      const { subjects, notes } = await ask(kind);
      assert.deepEqual(subjects, []);
      assert.match(notes[0] ?? '', /name its pod/);
    }
  });
});
