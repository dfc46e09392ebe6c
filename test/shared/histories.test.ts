import { strict as assert } from 'node:assert';
import { auditEntry } from '../../local/scenarios/audit-entry.ts';
import { makeMemoryStore } from '../../shared/adapters/store-memory.ts';
import { MAX_SEEN } from '../../shared/detection/history.ts';
import { forbiddenBurst } from '../../shared/detection/rules/forbidden-burst.ts';
import { Conflict, Transient } from '../../shared/errors.ts';
import { makeBeginnings, recallAll } from '../../shared/histories.ts';
import type { AuditSignal } from '../../shared/model/signal.ts';
import { timeOf } from '../../shared/model/time.ts';
import type { DocStore, Log } from '../../shared/ports.ts';
import { type MemoryDocument, openMemoryStores } from '../../shared/store/memory.ts';
import { NOW, signalOfPayload } from '../fixtures/signals.ts';

const refused = (n: number): AuditSignal =>
  signalOfPayload(
    auditEntry({
      verb: 'create',
      resource: 'pods',
      namespace: 'shop',
      code: 7,
      at: timeOf(NOW + n * 1000),
      insertId: `i${n}`,
    }),
  );

/** A memory with its documents, the ids that were put, and the lines that were counted. */
const memory = (change: (marks: DocStore<MemoryDocument>) => Partial<DocStore<MemoryDocument>> = () => ({})) => {
  let writers = 0;
  const random = (): string => {
    writers += 1;
    return `w${writers}`;
  };
  const clock = { now: () => NOW, random };
  const { marks } = openMemoryStores({ raw: makeMemoryStore({ now: clock.now }), clock });
  const lines: string[] = [];
  const puts: string[] = [];
  const none = (): void => undefined;
  const log: Log = {
    info: none,
    warn: none,
    error: none,
    count: (metric, message) => void lines.push(`${metric}: ${message}`),
  };
  const counted: DocStore<MemoryDocument> = {
    ...marks,
    put: (id, doc, expected) => {
      puts.push(id);
      return marks.put(id, doc, expected);
    },
  };
  return { marks, lines, puts, ports: { marks: { ...counted, ...change(counted) }, clock, log } };
};

describe('the memory of rules', () => {
  it('finds across several signals what none of them shows alone', async () => {
    const { ports } = memory();
    const found = [];
    for (let n = 0; n < 10; n += 1) found.push(...(await recallAll(ports, refused(n))));
    assert.deepEqual(
      found.map(({ rule }) => rule),
      ['forbidden-burst'],
    );
  });

  it('gives the same findings for a redelivered signal, and writes nothing', async () => {
    const { ports, puts } = memory();
    for (let n = 0; n < 9; n += 1) await recallAll(ports, refused(n));
    const first = await recallAll(ports, refused(9));
    const written = puts.length;
    assert.deepEqual(await recallAll(ports, refused(9)), first);
    assert.equal(first.length, 1);
    assert.equal(puts.length, written);
  });

  it('stops writing in a flood, and keeps its documents small', async () => {
    const { ports, puts, marks } = memory();
    for (let n = 0; n < 300; n += 1) await recallAll(ports, refused(n));
    assert.equal(puts.length, 10);
    const [doc] = (await marks.list({ prefix: 'history-' })).items;
    assert.ok(JSON.stringify(doc).length < MAX_SEEN * 300);
    assert.equal(doc?.expireAt, timeOf(NOW + 25 * 3_600_000));
  });

  it('names its documents by a hash instead of foreign text', async () => {
    const { ports, puts } = memory();
    await recallAll(ports, refused(0));
    assert.match(puts[0] ?? '', /^history-forbidden-burst-[0-9a-f]{32}$/);
  });

  it('includes what another process remembers at the same moment', async () => {
    let raced = false;
    const { ports } = memory((marks) => ({
      put: async (id, doc, expected) => {
        if (!raced) {
          raced = true;
          await recallAll({ ...ports, marks }, refused(8), [forbiddenBurst]);
        }
        return marks.put(id, doc, expected);
      },
    }));
    for (let n = 0; n < 8; n += 1) await recallAll(ports, refused(n), [forbiddenBurst]);
    assert.equal((await recallAll(ports, refused(9), [forbiddenBurst])).length, 1);
  });

  it('gives up after four conflicts, counts that, and loses only this finding', async () => {
    let attempts = 0;
    const { ports, lines } = memory(() => ({
      put: async () => {
        attempts += 1;
        throw new Conflict('somebody was faster');
      },
    }));
    assert.deepEqual(await recallAll(ports, refused(0), [forbiddenBurst]), []);
    assert.equal(attempts, 4);
    assert.deepEqual(lines, ['memory-failed: forbidden-burst could not remember: somebody was faster']);
  });

  it('does not write again what the store refused for another reason than a conflict', async () => {
    let attempts = 0;
    const { ports, lines } = memory(() => ({
      put: async () => {
        attempts += 1;
        throw new Transient('the store is full');
      },
    }));
    assert.deepEqual(await recallAll(ports, refused(0), [forbiddenBurst]), []);
    assert.deepEqual([attempts, lines], [1, ['memory-failed: forbidden-burst could not remember: the store is full']]);
  });

  it('counts a store that fails, and treats an unreadable document as empty', async () => {
    const away = memory(() => ({
      get: async () => {
        throw new Transient('the store is away');
      },
    }));
    assert.deepEqual(await recallAll(away.ports, refused(0), [forbiddenBurst]), []);
    assert.match(away.lines[0] ?? '', /^memory-failed: .*the store is away/);

    const odd = memory();
    await recallAll(odd.ports, refused(0), [forbiddenBurst]);
    const [id = ''] = odd.puts;
    const doc = (await odd.marks.get(id)) ?? assert.fail();
    await odd.marks.put(id, { ...doc, seen: 'x' }, doc.rev);
    for (let n = 1; n < 10; n += 1) assert.deepEqual(await recallAll(odd.ports, refused(n), [forbiddenBurst]), []);
    assert.equal((await recallAll(odd.ports, refused(10), [forbiddenBurst])).length, 1);
  });

  const DAY = 86_400_000;
  const exec = (n: number, at: number, cluster = 'c1'): AuditSignal =>
    signalOfPayload(
      auditEntry({
        verb: 'create',
        resource: 'pods',
        subresource: 'exec',
        namespace: 'shop',
        name: `cart-${n}`,
        cluster,
        at: timeOf(at),
        insertId: `e${n}`,
      }),
    );
  const told = async (ports: Parameters<typeof recallAll>[0], signal: AuditSignal): Promise<string[]> =>
    (await recallAll(ports, signal)).map(({ rule }) => rule);

  it('calls nothing new in a cluster until it has watched the cluster for its whole memory', async () => {
    const { ports, puts } = memory();
    assert.deepEqual(await told(ports, exec(0, NOW)), []);
    assert.deepEqual(await told(ports, exec(1, NOW + 7 * DAY - 1000)), []);
    assert.deepEqual(await told(ports, exec(2, NOW + 7 * DAY)), ['first-exec-into-pod']);
    // The same message again leads to the same finding.
    assert.deepEqual(await told(ports, exec(2, NOW + 7 * DAY)), ['first-exec-into-pod']);
    assert.deepEqual(await told(ports, exec(3, NOW + 7 * DAY, 'c2')), []);
    assert.equal(puts.filter((id) => id.startsWith('begun-first-exec-into-pod-')).length, 2);
  });

  it('keeps the beginning of a cluster for 180 days after its last use', async () => {
    const { ports, marks, puts } = memory();
    await told(ports, exec(0, NOW));
    const [id = ''] = puts.filter((one) => one.startsWith('begun-'));
    assert.equal((await marks.get(id))?.expireAt, timeOf(NOW + 180 * DAY));
    const later = { ...ports, clock: { now: () => NOW + 100 * DAY } };
    assert.deepEqual(await told(later, exec(1, NOW + 100 * DAY)), ['first-exec-into-pod']);
    assert.equal((await marks.get(id))?.expireAt, timeOf(NOW + 280 * DAY));
    assert.equal((await marks.get(id))?.begun, timeOf(NOW));
  });

  it('agrees with another process that begins with the same cluster at the same moment', async () => {
    let raced = false;
    const { ports } = memory((marks) => ({
      put: async (id, doc, expected) => {
        if (id.startsWith('begun-') && !raced) {
          raced = true;
          await told({ ...ports, marks }, exec(0, NOW - 8 * DAY));
        }
        return marks.put(id, doc, expected);
      },
    }));
    assert.deepEqual(await told(ports, exec(1, NOW)), ['first-exec-into-pod']);
  });

  /** An entry in which no rule sees anything. */
  const quiet = (n: number, at: number): AuditSignal =>
    signalOfPayload(
      auditEntry({ verb: 'list', resource: 'pods', namespace: 'shop', at: timeOf(at), insertId: `q${n}` }),
    );

  it('begins with the first entry of a cluster, by one write for each rule, and reports the first command a week later', async () => {
    const { ports, puts } = memory();
    const begin = makeBeginnings(ports);
    await begin(quiet(0, NOW));
    assert.deepEqual(puts.map((id) => id.replace(/-[0-9a-f]{32}$/, '')).toSorted(), [
      'begun-first-exec-into-pod',
      'begun-first-impersonation',
    ]);
    assert.equal(begin(quiet(1, NOW + 1000)), undefined);
    assert.equal(begin(exec(1, NOW + 7 * DAY)), undefined);
    assert.deepEqual(await told(ports, exec(1, NOW + 7 * DAY)), ['first-exec-into-pod']);
    // Another process finds the beginning stored.
    const written = puts.length;
    await makeBeginnings(ports)(quiet(2, NOW + 8 * DAY));
    assert.equal(puts.length, written);
  });

  it('extends the beginning of a cluster in which nothing rare happens', async () => {
    const { ports, marks, puts } = memory();
    await makeBeginnings(ports)(quiet(0, NOW));
    const later = NOW + 100 * DAY;
    await makeBeginnings({ ...ports, clock: { now: () => later } })(quiet(1, later));
    for (const id of new Set(puts)) {
      const doc = await marks.get(id);
      assert.deepEqual([doc?.begun, doc?.expireAt], [timeOf(NOW), timeOf(later + 180 * DAY)]);
    }
  });

  it('counts a beginning that could not be written, and tries again a minute later', async () => {
    const { ports, lines } = memory(() => ({
      get: async () => {
        throw new Transient('the store is away');
      },
    }));
    let now = NOW;
    const begin = makeBeginnings({ ...ports, clock: { now: () => now } });
    await begin(quiet(0, NOW));
    assert.match(lines.join(), /^memory-failed: that a place is looked at .*the store is away$/);
    assert.equal(begin(quiet(1, NOW)), undefined);
    now += 60_000;
    assert.notEqual(begin(quiet(2, NOW)), undefined);
  });

  const thrown: ReadonlyArray<[string, Error, number]> = [
    ['after four conflicts', new Conflict('somebody was faster'), 4],
    ['at once if the store refuses it', new Transient('the store is full'), 1],
  ];
  for (const [when, error, most] of thrown)
    it(`gives a beginning up ${when}, and counts that`, async () => {
      const attempts: string[] = [];
      const { ports, lines } = memory((marks) => ({
        put: async (id, doc, expected) => {
          attempts.push(id);
          if (attempts.length > 20) return marks.put(id, doc, expected);
          throw error;
        },
      }));
      await makeBeginnings(ports)(quiet(0, NOW));
      const [first] = attempts;
      assert.equal(attempts.filter((id) => id === first).length, most);
      assert.equal(lines.length, 1);
    });

  /** An entry of a cluster, in which no rule sees anything. */
  const quietIn = (cluster: string): AuditSignal =>
    signalOfPayload(
      auditEntry({ verb: 'list', resource: 'pods', namespace: 'shop', cluster, at: timeOf(NOW), insertId: cluster }),
    );

  it('remembers the clusters whose beginning it has noted, but never more than a thousand', async () => {
    const { ports } = memory();
    const begin = makeBeginnings(ports);
    for (let n = 0; n < 1000; n += 1) await begin(quietIn(`c${n}`));
    for (const n of [0, 500, 999]) assert.equal(begin(quietIn(`c${n}`)), undefined, `c${n}`);
    await begin(quietIn('one-more'));
    const again = begin(quietIn('c0'));
    assert.notEqual(again, undefined);
    await again;
  });
});
