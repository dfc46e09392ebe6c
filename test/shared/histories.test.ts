import { strict as assert } from 'node:assert';
import { auditEntry } from '../../local/scenarios/audit-entry.ts';
import { makeMemoryStore } from '../../shared/adapters/store-memory.ts';
import { MAX_SEEN } from '../../shared/detection/history.ts';
import { forbiddenBurst } from '../../shared/detection/rules/forbidden-burst.ts';
import { Conflict, Transient } from '../../shared/errors.ts';
import { recallAll } from '../../shared/histories.ts';
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

/** A memory whose documents can be seen, and what is said about it. */
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
  it('makes something of several signals that none of them shows', async () => {
    const { ports } = memory();
    const found = [];
    for (let n = 0; n < 10; n += 1) found.push(...(await recallAll(ports, refused(n))));
    assert.deepEqual(
      found.map(({ rule }) => rule),
      ['forbidden-burst'],
    );
  });

  it('gives a redelivered signal the same, writing nothing', async () => {
    const { ports, puts } = memory();
    for (let n = 0; n < 9; n += 1) await recallAll(ports, refused(n));
    const first = await recallAll(ports, refused(9));
    const written = puts.length;
    assert.deepEqual(await recallAll(ports, refused(9)), first);
    assert.equal(first.length, 1);
    assert.equal(puts.length, written);
  });

  it('writes nothing more in a flood, and keeps its documents small', async () => {
    const { ports, puts, marks } = memory();
    for (let n = 0; n < 300; n += 1) await recallAll(ports, refused(n));
    assert.equal(puts.length, 10);
    const [doc] = (await marks.list({ prefix: 'history-' })).items;
    assert.ok(JSON.stringify(doc).length < MAX_SEEN * 300);
    assert.equal(doc?.expireAt, timeOf(NOW + 3_600_000));
  });

  it('names its documents by a hash: foreign words are no id', async () => {
    const { ports, puts } = memory();
    await recallAll(ports, refused(0));
    assert.match(puts[0] ?? '', /^history-forbidden-burst-[0-9a-f]{32}$/);
  });

  it('remembers what others remembered at the same moment', async () => {
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

  it('gives up after a few attempts, counted, and loses only what it would have told', async () => {
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

  it('counts a memory that is away, and one that nobody can read is empty', async () => {
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
});
