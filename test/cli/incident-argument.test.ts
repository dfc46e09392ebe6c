import { strict as assert } from 'node:assert';
import { assertIncident, incidentMeant, incidentNamed, incidentsMeant } from '../../cli/incident-argument.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { contained, isolating } from '../shared/views/fixtures.ts';
import { reportedIncident } from '../shared/views/report-fixtures.ts';
import { fakeDeployment } from './kit.ts';

const stored = async () => {
  const { stores } = fakeDeployment();
  const other = { ...contained(), id: 'i-0a1b2c3d4e5f-1', target: { project: 'p1', principal: 'bo@example.com' } };
  const { subjects } = reportedIncident();
  for (const doc of [contained({ subjects }), { ...isolating(), subjects }, { ...other, subjects: [] }])
    await stores.incidents.put(doc.id, doc, null);
  return stores;
};

describe('an incident on the command line', () => {
  it('is meant by its id, by the beginning of it, and by what it is about or holds', async () => {
    const { incidents } = await stored();
    const meant = async (word: string) => (await incidentsMeant(incidents, word)).map(({ id }) => id).toSorted();
    const both = ['shop-cart-3f2a-1', 'shop-cart-3f2a-2'];
    assert.deepEqual(await meant('shop-cart-3f2a-1'), ['shop-cart-3f2a-1']);
    assert.deepEqual(await meant('i-0a1b2c3d4e5f'), ['i-0a1b2c3d4e5f-1']);
    assert.deepEqual(await meant('bo@example.com'), ['i-0a1b2c3d4e5f-1']);
    for (const word of ['cart-7d9f', 'pod/cart-7d9f', 'po/cart-7d9f', 'shop/cart-7d9f', 'pod shop/cart-7d9f'])
      assert.deepEqual(await meant(word), both, word);
    for (const word of ['deployment/cart', 'deployment.apps/cart', 'Deployment shop/cart', 'cart'])
      assert.deepEqual(await meant(word), both, word);
    for (const word of ['web/cart-7d9f', 'deployment/cart-7d9f', 'pod web/cart-7d9f', 'car', '../x', '', 'a/b/c'])
      assert.deepEqual(await meant(word), [], word);
  });

  it('is meant by every kind of subject and target, each by its own kind', async () => {
    const { incidents } = fakeDeployment().stores;
    const host = { id: '22', node: 'n-2', nodeUid: 'u-2' };
    const addedAt = contained().openedAt;
    const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'ledger', uid: 'set-1' };
    const [pod] = reportedIncident().subjects;
    assert.ok(pod?.kind === 'pod');
    const place = { project: 'p1', location: 'europe-west1', cluster: 'c1' };
    const about = {
      'i-node-1': { target: place, subjects: [{ kind: 'node', uid: '22', host, addedAt }] },
      'i-pod-1': { target: place, subjects: [{ ...pod, name: 'web-1', namespace: 'front', owners: [] }] },
      'i-set-1': { target: place, subjects: [{ kind: 'workload', uid: 'set-1', namespace: 'data', owner, addedAt }] },
      'i-target-1': { target: { ...place, node: 'n-3' }, subjects: [] },
      'i-target-2': { target: { ...place, instance: '4242' }, subjects: [] },
      'i-target-3': { target: { ...place, namespace: 'pay', workload: { kind: 'Job', name: 'bill' } }, subjects: [] },
      'i-target-4': { target: { ...place, namespace: 'pay', pod: 'bill-x' }, subjects: [] },
    } satisfies Record<string, Partial<Incident>>;
    for (const [id, over] of Object.entries(about)) await incidents.put(id, contained({ ...over, id }), null);
    const meant = async (word: string) => (await incidentsMeant(incidents, word)).map(({ id }) => id);
    const expected: Array<[string, string[]]> = [
      ['node/n-2', ['i-node-1']],
      ['pod/n-2', []],
      ['node/gke-c1-pool-1-0a1b', ['i-pod-1']],
      ['pod front/web-1', ['i-pod-1']],
      ['pod shop/web-1', []],
      ['StatefulSet data/ledger', ['i-set-1']],
      ['statefulset/ledger', ['i-set-1']],
      ['node/n-3', ['i-target-1']],
      ['instance/4242', ['i-target-2']],
      ['Job pay/bill', ['i-target-3']],
      ['Job shop/bill', []],
      ['pod pay/bill-x', ['i-target-4']],
      ['pod shop/bill-x', []],
    ];
    for (const [word, ids] of expected) assert.deepEqual(await meant(word), ids, word);
  });

  it('is named newest first where several are meant, five of them at most', async () => {
    const { incidents } = fakeDeployment().stores;
    const opened = (n: number) => `2026-11-0${n}T03:12:04.000Z`;
    for (const n of [2, 7, 1, 5, 3, 6, 4])
      await incidents.put(`i-${n}`, contained({ id: `i-${n}`, openedAt: opened(n) }), null);
    const ids = (await incidentsMeant(incidents, 'pod/cart-7d9f')).map(({ id }) => id);
    assert.deepEqual(ids, ['i-7', 'i-6', 'i-5', 'i-4', 'i-3', 'i-2', 'i-1']);
    await assert.rejects(
      incidentMeant(incidents, 'cart-7d9f'),
      /means 7 incidents, so name one: i-7 [^,]*, contained[)], i-6 .* i-3 [(]pod shop\/cart-7d9f, contained[)] and 2 more[.]$/,
    );
  });

  it('is one where one is needed, and the error names those that may be meant', async () => {
    const { incidents } = await stored();
    assert.equal((await incidentMeant(incidents, 'i-0a1b')).id, 'i-0a1b2c3d4e5f-1');
    await assert.rejects(
      incidentMeant(incidents, 'cart'),
      /^Malformed: cart means 2 incidents, so name one: shop-cart-3f2a-\d [(]pod shop\/cart-7d9f, \w+[)], shop-cart-/,
    );
    await assert.rejects(
      incidentMeant(incidents, 'nobody'),
      /there is no incident nobody: see `firebreak incidents`[.]$/,
    );
  });

  it('is named in full for a request', async () => {
    const stores = await stored();
    assert.equal((await incidentNamed(stores.incidents, 'i-0a1b2c3d4e5f-1')).id, 'i-0a1b2c3d4e5f-1');
    const begun = /there is no incident i-0a1b2c3d4e5f, but i-0a1b2c3d4e5f-1 [(].*[)]: name it by its id[.]$/;
    await assert.rejects(incidentNamed(stores.incidents, 'i-0a1b2c3d4e5f'), begun);
    await assert.rejects(assertIncident(stores, 'i-0a1b2c3d4e5f'), begun);
  });

  it('is left to operate where it may be one that is not there yet, or cannot be read from here', async () => {
    await assertIncident(await stored(), 'i-ffffffffffff-1');
    await assertIncident(undefined, 'whatever');
    const { stores } = fakeDeployment();
    const get = async () => Promise.reject(new Error('denied'));
    await assertIncident({ incidents: { ...stores.incidents, get } }, 'whatever');
  });
});
