import { strict as assert } from 'node:assert';
import { assertIncident, incidentMeant, incidentNamed, incidentsMeant } from '../../cli/incident-argument.ts';
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
