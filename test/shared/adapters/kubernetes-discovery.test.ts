import { strict as assert } from 'node:assert';
import { makeDiscovery } from '../../../shared/adapters/kubernetes-discovery.ts';
import type { WireAnswer } from '../../../shared/adapters/kubernetes-wire.ts';
import { Transient } from '../../../shared/errors.ts';

const KINDS = {
  resources: [
    { name: 'widgets', kind: 'Widget', namespaced: true },
    { name: 'widgets/status', kind: 'Widget', namespaced: true },
    { name: 'zones', kind: 'Zone', namespaced: false },
  ],
};
const MISSING: WireAnswer = { status: 404, body: '404 page not found\n' };

/**
 * A discovery over a server that gives these answers in turn, the last one again and again; and the paths asked for.
 */
const discoveryOver = (...answers: readonly [WireAnswer, ...WireAnswer[]]) => {
  const paths: string[] = [];
  const ask = makeDiscovery(async ({ path }) => {
    paths.push(path);
    return answers[Math.min(paths.length, answers.length) - 1] ?? answers[0];
  });
  return { paths, ask };
};

describe('adapters/kubernetes-discovery', () => {
  it('asks once for all kinds of an API version, also where they are asked for at the same time', async () => {
    const { ask, paths } = discoveryOver({ status: 200, body: KINDS });
    const kinds = await Promise.all(['Widget', 'Zone', 'Other'].map((kind) => ask('shop.example.com/v1', kind)));
    assert.deepEqual(kinds, [
      { plural: 'widgets', namespaced: true },
      { plural: 'zones', namespaced: false },
      undefined,
    ]);
    await ask('shop.example.com/v1', 'Zone');
    assert.deepEqual(paths, ['/apis/shop.example.com/v1']);
  });

  it('asks again for a kind that was missing, since custom kinds come and go', async () => {
    const { ask, paths } = discoveryOver(MISSING, { status: 200, body: KINDS });
    assert.equal(await ask('shop.example.com/v1', 'Widget'), undefined);
    assert.deepEqual(await ask('shop.example.com/v1', 'Widget'), { plural: 'widgets', namespaced: true });
    assert.equal(paths.length, 2);
  });

  it('keeps no failure', async () => {
    const { ask } = discoveryOver({ status: 503, body: '' }, { status: 200, body: KINDS });
    const asked = ['Widget', 'Zone'].map((kind) => ask('shop.example.com/v1', kind));
    for (const one of await Promise.allSettled(asked))
      assert.ok(one.status === 'rejected' && one.reason instanceof Transient);
    assert.deepEqual(await ask('shop.example.com/v1', 'Zone'), { plural: 'zones', namespaced: false });
  });
});
