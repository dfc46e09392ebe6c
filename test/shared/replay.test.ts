import { strict as assert } from 'node:assert';
import { Malformed } from '../../shared/errors.ts';
import type { DeadLetter } from '../../shared/model/records.ts';
import type { Bus } from '../../shared/ports.ts';
import { REPLAY, replayedFrom, replaying, replayOf } from '../../shared/replay.ts';

const letter = (more: Partial<DeadLetter>): DeadLetter => ({
  v: 1,
  rev: 1,
  writer: 'w',
  id: 'd-1',
  topic: 'requests',
  at: '2026-03-01T12:10:00.000Z',
  publishedAt: '2026-03-01T12:00:00.000Z',
  attributes: {},
  body: {},
  ...more,
});

describe('replayOf', () => {
  it('gives a request the time of its publishing and an id, unless it has its own', () => {
    const halt = { action: 'halt', reason: 'drill', requestedBy: 'ana@example.com' };
    assert.deepEqual(replayOf(letter({ body: halt })).body, { id: 'd-1', at: '2026-03-01T12:00:00.000Z', ...halt });
    const own = { id: 'r-1', at: '2026-03-01T11:59:00.000Z', ...halt };
    assert.deepEqual(replayOf(letter({ body: own })).body, own);
  });

  it('keeps every other body and the attributes, except those of the dead letter', () => {
    const attributes = { cluster: 'c1', CloudPubSubDeadLetterSourceDeliveryCount: '10', [REPLAY]: 'd-0' };
    assert.deepEqual(replayOf(letter({ topic: 'threat', body: [1], attributes })), {
      topic: 'threat',
      body: [1],
      attributes: { cluster: 'c1', [REPLAY]: 'd-1' },
    });
  });

  it('refuses a tick, an unknown topic, and a truncated body', () => {
    for (const more of [{ topic: 'tick' }, { topic: 'dead-letters' }, { topic: '../x' }, { body: { truncated: true } }])
      assert.throws(() => replayOf(letter(more)), Malformed);
  });

  it('says that an unknown topic is not ours, and quotes its name', () => {
    assert.throws(
      () => replayOf(letter({ topic: 'projects/x/\u001b[2J' })),
      /^Malformed: dead letter d-1 is of "projects\/x\/ \[2J", which is not sent again: that is no topic of ours\.$/,
    );
    assert.throws(() => replayOf(letter({ topic: 'tick' })), /is of tick, .* comes by itself\.$/);
  });
});

describe('replaying', () => {
  const sent: unknown[] = [];
  const bus: Bus = {
    publish: async (...args) => String(sent.push(args)),
  };

  it('marks what follows from a replayed message, and nothing else', async () => {
    assert.equal(replaying(bus, { attributes: {} }), bus);
    const envelope = { attributes: { [REPLAY]: 'd-1' } };
    await replaying(bus, envelope).publish('findings', { id: 'f-1' });
    assert.deepEqual(sent, [['findings', { id: 'f-1' }, { [REPLAY]: 'd-1' }]]);
    assert.equal(replayedFrom(envelope), 'd-1');
  });
});
