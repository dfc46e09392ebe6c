import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { auditEntry } from '../../local/scenarios/audit-entry.ts';
import { makeMemoryStore } from '../../shared/adapters/store-memory.ts';
import { Transient } from '../../shared/errors.ts';
import { type Loose, record } from '../../shared/kubernetes/loose.ts';
import type { DocStore, Log } from '../../shared/ports.ts';
import { splitOf } from '../../shared/sources/split-entry.ts';
import { gathered } from '../../shared/split-buffer.ts';
import { type MemoryDocument, openMemoryStores } from '../../shared/store/memory.ts';
import { virtualClock } from '../kit/virtual-clock.ts';

const partOf = (index: number, total = 2, uid = 'u'): Loose =>
  auditEntry({
    verb: 'create',
    resource: 'pods',
    namespace: 'shop',
    request: { [`part${index}`]: 'x'.repeat(10) },
    split: { uid, index, totalSplits: total },
  });
const requestOf = (entry: Loose): string[] => Object.keys(record(record(entry.protoPayload)?.request) ?? {});

const buffer = (change: Partial<DocStore<MemoryDocument>> = {}) => {
  const clock = virtualClock();
  const { marks } = openMemoryStores({ raw: makeMemoryStore({ now: clock.now }), clock });
  const lines: string[] = [];
  const none = (): void => undefined;
  const log: Log = { info: none, warn: none, error: none, count: (metric) => void lines.push(metric) };
  const ports = { marks: { ...marks, ...change }, clock, log };
  const gather = (entry: Loose): Promise<Loose> => gathered(ports, entry, splitOf(entry) ?? assert.fail());
  const driven = async (entry: Loose): Promise<Loose> => {
    const outcome = await clock.drive(gather(entry));
    assert.ok(outcome.settled);
    return outcome.value;
  };
  return { clock, lines, gather, driven };
};

describe('the buffer of split entries', () => {
  it('gives every delivery the whole entry once all parts are there', async () => {
    const { clock, gather, driven } = buffer();
    const began = clock.now();
    const first = gather(partOf(1));
    await clock.advance(5000);
    const second = await driven(partOf(0));
    assert.deepEqual(requestOf(second), ['part0', 'part1']);
    const waited = await clock.drive(first);
    assert.deepEqual(waited.settled && waited.value, second);
    assert.ok(clock.now() - began < 10_000);
  });

  it('gives the parts that are there after a minute, and counts that', async () => {
    const { clock, lines, driven } = buffer();
    const began = clock.now();
    const alone = await driven(partOf(1, 3));
    assert.deepEqual(requestOf(alone), ['part1']);
    assert.equal(clock.now() - began, 60_000);
    assert.deepEqual(record(alone.split), { uid: 'u', index: 0, totalSplits: 3 });
    assert.deepEqual(lines, ['split-incomplete']);
  });

  it('does not start the minute again after a delivery that died', async () => {
    const { clock, gather, driven } = buffer();
    void gather(partOf(0));
    await clock.advance(50_000);
    const began = clock.now();
    await driven(partOf(0));
    assert.equal(clock.now() - began, 10_000);
  });

  it('keeps parts of different entries apart', async () => {
    const { clock, gather, driven } = buffer();
    void gather(partOf(0, 2, 'u'));
    await clock.advance(1);
    assert.deepEqual(requestOf(await driven(partOf(1, 2, 'v'))), ['part1']);
  });

  it('stores large parts that compress well', async () => {
    const { driven, lines } = buffer();
    const large = auditEntry({
      verb: 'create',
      resource: 'pods',
      request: {
        text: JSON.stringify(Array.from({ length: 20_000 }, (_, n) => ({ name: `container-${n}`, image: 'a' }))),
      },
      split: { uid: 'u', index: 0, totalSplits: 2 },
    });
    assert.ok(JSON.stringify(large).length > 512 * 1024);
    await driven(large);
    assert.deepEqual(lines, ['split-incomplete']);
  });

  it('stores and joins parts that are larger than a document and do not compress', async () => {
    const { clock, gather, driven, lines } = buffer();
    const text = randomBytes(400 * 1024).toString('base64');
    const part = (index: number): Loose =>
      auditEntry({
        verb: 'create',
        resource: 'pods',
        request: { [`part${index}`]: `${index}${text}` },
        split: { uid: 'u', index, totalSplits: 2 },
      });
    assert.ok(JSON.stringify(part(0)).length > 500 * 1024);
    const first = gather(part(0));
    await clock.advance(5000);
    // Another delivery of the same part finds it stored.
    const again = gather(part(0));
    await clock.advance(5000);
    const whole = await driven(part(1));
    assert.deepEqual(requestOf(whole), ['part0', 'part1']);
    assert.equal(record(record(whole.protoPayload)?.request)?.part1, `1${text}`);
    for (const one of [first, again]) {
      const waited = await clock.drive(one);
      assert.deepEqual(waited.settled && waited.value, whole);
    }
    assert.deepEqual(lines, []);
  });

  it('gives a part unchanged if the store fails', async () => {
    const { driven, lines } = buffer({
      put: async () => {
        throw new Transient('the store is away');
      },
    });
    assert.deepEqual(await driven(partOf(0)), partOf(0));
    assert.deepEqual(lines, ['memory-failed']);
  });
});
