import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { makeMemoryStore } from '../../../shared/adapters/store-memory.ts';
import { holdSubjects } from '../../../shared/decision/hold.ts';
import { Transient } from '../../../shared/errors.ts';
import type { Subject } from '../../../shared/model/subject.ts';
import { openStores } from '../../../shared/store/incidents.ts';
import { virtualClock } from '../../kit/virtual-clock.ts';
import { pod } from './fixtures.ts';

/** Subject documents, and every put to them; `meanwhile` is done just before a put. */
const shelf = (meanwhile: (id: string, puts: number) => Promise<unknown> = async () => undefined) => {
  const clock = virtualClock();
  const { subjects } = openStores({ raw: makeMemoryStore(clock), clock });
  const puts: string[] = [];
  let [open, most] = [0, 0];
  const put: typeof subjects.put = async (id, doc, expected) => {
    puts.push(id);
    open += 1;
    most = Math.max(most, open);
    await meanwhile(id, puts.length);
    open -= 1;
    return subjects.put(id, doc, expected);
  };
  return {
    puts,
    most: () => most,
    /** Writes the document as another process would. */
    write: async (id: string, incidents: string[]) => {
      const known = await subjects.get(id);
      await subjects.put(id, { v: 1, rev: 0, writer: '', ...known, incidents }, known?.rev ?? null);
    },
    held: async (id: string) => (await subjects.get(id))?.incidents,
    hold: (incident: string, on: readonly Subject[], known: readonly Subject[] = []) =>
      holdSubjects({ subjects: { ...subjects, put } }, incident, on, known),
  };
};

const bare = (n: number): Subject => {
  const { host: _, ...rest } = pod({ uid: `pod-${n}` });
  return rest;
};

describe('which incidents hold a pod or VM', () => {
  it('is noted for the pod and its VM, once for each, after those that held it before', async () => {
    const { write, hold, held, puts } = shelf();
    await write('pod-1', ['i-1']);
    await hold('i-2', [pod({ uid: 'pod-1' }), pod({ uid: 'pod-2' })]);
    assert.deepEqual([await held('pod-1'), await held('pod-2'), await held('7')], [['i-1', 'i-2'], ['i-2'], ['i-2']]);
    await hold('i-2', [pod({ uid: 'pod-1' })]);
    assert.equal(puts.length, 3, 'what is noted already is not written again');
  });

  it('is not written again for what the incident held before, but for the VM that its pod has got since', async () => {
    const { hold, held, puts } = shelf();
    await hold('i-1', [pod({ uid: 'pod-1' })], [bare(1)]);
    assert.deepEqual([puts, await held('7')], [['7'], ['i-1']]);
  });

  it('keeps what another incident notes at the same time', async () => {
    const { write, hold, held } = shelf(async (id, puts) => {
      if (puts < 5) await write(id, [...((await held(id)) ?? []), `other-${puts}`]);
    });
    await hold('i-1', [bare(1)]);
    assert.deepEqual(await held('pod-1'), ['other-1', 'other-2', 'other-3', 'other-4', 'i-1']);
  });

  it('is not known to be noted after five lost races, nor where the store fails: no goal is published', async () => {
    const racing = shelf(async (id, puts) => racing.write(id, [`other-${puts}`]));
    await assert.rejects(racing.hold('i-1', [bare(1)]), (thrown: Error) => {
      assert.ok(thrown instanceof Transient);
      return /^subjects\/pod-1 was written by others 5 times in a row$/.test(thrown.message);
    });
    assert.equal(racing.puts.length, 5);
    const failing = shelf(() => Promise.reject(new TypeError('wrong')));
    await assert.rejects(failing.hold('i-1', [bare(1)]), TypeError);
    assert.equal(failing.puts.length, 1);
  });

  it('forgets the oldest of more than a hundred, never the newest', async () => {
    const { write, hold, held } = shelf();
    await write(
      'pod-1',
      Array.from({ length: 100 }, (_, n) => `old-${n}`),
    );
    await hold('i-1', [bare(1)]);
    const known = (await held('pod-1')) ?? [];
    assert.deepEqual([known.length, known[0], known.at(-1)], [100, 'old-1', 'i-1']);
  });

  it('is noted for every pod of a large workload, at most twenty at a time', async () => {
    const { hold, held, most } = shelf(() => new Promise(setImmediate));
    const pods = Array.from({ length: 45 }, (_, n) => bare(n));
    await hold('i-1', pods);
    for (const { uid } of pods) assert.deepEqual(await held(uid), ['i-1'], uid);
    assert.equal(most(), 20);
  });
});
