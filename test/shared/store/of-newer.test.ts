import { strict as assert } from 'node:assert';
import { z } from 'zod';
import { isOfNewer } from '../../../shared/store/of-newer.ts';

const schema = z.object({
  step: z.enum(['cordon-node', 'drain-node']),
  tier: z.union([z.enum(['observe', 'isolate']), z.literal('released')]).optional(),
  subjects: z.array(z.discriminatedUnion('kind', [z.object({ kind: z.literal('pod'), name: z.string() })])).optional(),
  target: z.strictObject({ project: z.string() }).optional(),
});

const judged = (value: unknown): boolean => {
  const { error } = schema.safeParse(value);
  return isOfNewer(error ?? assert.fail('the value is not refused'), value);
};

describe('isOfNewer', () => {
  it('holds for ids, kinds and fields that the schema does not know', () => {
    for (const value of [
      { step: 'move-node' },
      { step: 'drain-node', tier: 'move' },
      { step: 'drain-node', subjects: [{ kind: 'pod', name: 'a' }, { kind: 'machine' }] },
      { step: 'drain-node', target: { project: 'p1', planet: 'x' } },
      { step: 'move-node', tier: 'move', subjects: [{ kind: 'machine' }] },
    ])
      assert.equal(judged(value), true, JSON.stringify(value));
  });

  it('does not hold for what is missing or of another type, also beside what is unknown', () => {
    for (const value of [
      {},
      null,
      { step: 7 },
      { step: 'drain-node', tier: {} },
      { step: 'drain-node', subjects: [{}] },
      { step: 'drain-node', subjects: [{ kind: 'pod' }] },
      { step: 'move-node', target: {} },
    ])
      assert.equal(judged(value), false, JSON.stringify(value));
  });
});
