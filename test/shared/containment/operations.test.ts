import { strict as assert } from 'node:assert';
import { advance } from '../../../shared/containment/operations.ts';
import { Transient } from '../../../shared/errors.ts';
import type { Entry } from '../../../shared/model/entry.ts';
import { containmentKit } from '../../kit/containment.ts';

const ENTRY: Entry = {
  ...{ step: 'deny-node-network', subject: 'n', uid: '1', state: 'applying', proof: null, rev: 1 },
  startedAt: '2026-03-02T03:00:00.000Z',
  requestId: '0f000000-0000-8000-8000-000000000000',
};

describe('containment/operations', () => {
  it('sends a call whose reply was lost again with the same request id, and each task with its own', async () => {
    const { compute } = containmentKit().ports;
    const ids: string[] = [];
    const task = (key: string) => ({
      key,
      send: async (requestId: string) => {
        ids.push(`${key} ${requestId}`);
        throw new Transient('the reply was lost');
      },
    });
    for (let tries = 0; tries < 2; tries += 1)
      await assert.rejects(advance(compute, ENTRY, [task('a'), task('b')]), Transient);
    assert.deepEqual(ids.slice(2), ids.slice(0, 2));
    assert.equal(new Set(ids.map((id) => id.slice(2))).size, 2);
  });
});
