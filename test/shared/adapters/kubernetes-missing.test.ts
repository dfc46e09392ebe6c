import { strict as assert } from 'node:assert';
import { makeKubernetesReader, makeKubernetesWriter } from '../../../shared/adapters/kubernetes.ts';
import type { Wire, WireAnswer } from '../../../shared/adapters/kubernetes-wire.ts';
import { Transient } from '../../../shared/errors.ts';

const POD = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'cart' };
const UID = '0f0f0f0f-0000-4000-8000-000000000001';

const RESOURCES = { resources: [{ name: 'pods', kind: 'Pod', namespaced: true }] };
const NOT_FOUND = {
  kind: 'Status',
  status: 'Failure',
  reason: 'NotFound',
  message: 'pods "cart" not found',
  code: 404,
};
/** What a front end of Google answers where no cluster is behind the address any more. */
const PAGE = '<!DOCTYPE html>\n<html lang=en><title>Error 404 (Not Found)!!1</title>';

/** A wire on which objects have this answer, and lists of resources that one. */
const wireOf =
  (object: WireAnswer, resources: WireAnswer = { status: 200, body: RESOURCES }): Wire =>
  async ({ path }) =>
    path === '/api/v1' ? resources : object;

const calls = (wire: Wire): Array<[string, () => Promise<unknown>, unknown]> => {
  const [reader, writer] = [makeKubernetesReader(wire), makeKubernetesWriter(wire)];
  return [
    ['get', () => reader.get(POD), undefined],
    ['delete', () => writer.delete(POD, { uid: UID }), 'gone'],
    ['evict', () => writer.evict({ namespace: 'shop', name: 'cart', uid: UID }), { outcome: 'gone' }],
  ];
};

describe('adapters/kubernetes, what does not exist', () => {
  for (const [name, call, missing] of calls(wireOf({ status: 404, body: NOT_FOUND })))
    it(`takes an object for missing where the API server says so: ${name}`, async () => {
      assert.deepEqual(await call(), missing);
    });

  for (const [name, call] of calls(wireOf({ status: 404, body: PAGE })))
    it(`does not take an object for missing because of a 404 by something before the API server: ${name}`, () =>
      assert.rejects(call, Transient));

  it('does not take a kind for missing because of such a 404', async () => {
    const page = { status: 404, body: PAGE };
    await assert.rejects(makeKubernetesReader(wireOf(page, page)).get(POD), Transient);
    await assert.rejects(makeKubernetesReader(wireOf(page, page)).list(POD), Transient);
  });

  it('reads the refusal of a log, which comes as text, as any other', async () => {
    const log = (status: number, body: string) =>
      makeKubernetesReader(wireOf({ status, body })).log({
        namespace: 'shop',
        name: 'cart',
        container: 'c',
        limitBytes: 9,
      });
    assert.equal(await log(404, JSON.stringify(NOT_FOUND)), undefined);
    await assert.rejects(log(404, PAGE), Transient);
    const denied = { kind: 'Status', reason: 'Forbidden', message: 'pods "cart" is forbidden', code: 403 };
    await assert.rejects(log(403, JSON.stringify(denied)), /^Denied: .*\(403\): pods "cart" is forbidden\. Grant it/);
  });

  it('takes a kind, and an object of it, for missing where the server does not serve its path', async () => {
    const unserved = { status: 404, body: '404 page not found\n' };
    assert.equal(await makeKubernetesReader(wireOf(unserved, unserved)).get(POD), undefined);
    assert.equal(await makeKubernetesReader(wireOf(unserved)).get(POD), undefined);
  });
});
