import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { markupOf } from '../../../../shared/views/html/escape.ts';
import { staysValidExhibit, staysValidList } from '../../../../shared/views/html/stays-valid-list.ts';

const REVOKE = [{ ends: 'every token', command: 'kubectl delete serviceaccount cart' }];
const exhibit = (secret: string) =>
  staysValidExhibit.parse({ serviceAccount: 'shop/cart', secrets: [{ name: secret }], revoke: REVOKE });

const headings = (text: string): string[] => [...text.matchAll(/<h3>(?:<bdi>)?([^<]*)/g)].map(([, name = '']) => name);

describe('the rights that stay valid', () => {
  it('stand once for pods that have the same, which are named', () => {
    const text = markupOf(
      staysValidList([
        { pod: 'shop/a', exhibit: exhibit('db') },
        { pod: 'shop/b', exhibit: exhibit('other') },
        { pod: 'shop/c', exhibit: exhibit('db') },
      ]),
    );
    assert.deepEqual(headings(text), ['shop/a, shop/c', 'shop/b']);
    assert.equal(text.match(/kubectl delete/g)?.length, 2);
  });

  it('of a node are its identity with its scopes, and no service account of a pod', () => {
    const known = staysValidExhibit.parse({
      node: [{ email: 'nodes@p1.iam.gserviceaccount.com', scopes: ['cloud-platform'] }],
      unread: [],
      revoke: [{ ends: 'the identity', command: 'gcloud iam service-accounts disable' }],
    });
    const text = markupOf(staysValidList([{ pod: 'n1', exhibit: known }]));
    assert.deepEqual(headings(text), ['n1']);
    assert.match(text, /nodes@p1\.iam\.gserviceaccount\.com.*cloud-platform.*service-accounts disable/s);
    assert.doesNotMatch(text, /service account</);
  });

  it('that could not be read stand once, with the reason of each pod', () => {
    const text = markupOf(
      staysValidList(['a', 'b'].map((pod) => ({ pod, unread: `no exhibit of ${pod}`, revoke: REVOKE }))),
    );
    assert.deepEqual(headings(text), ['a, b']);
    assert.match(text, /no exhibit of a.*no exhibit of b/s);
    assert.equal(text.match(/kubectl delete/g)?.length, 1);
  });
});
