import { strict as assert } from 'node:assert';
import { changesAny, mergesOf, writtenAt } from '../../../shared/kubernetes/patch.ts';

const LABEL = 'shop.example.com/tier';
const PATH = ['metadata', 'labels', LABEL];
const POINTER = '/metadata/labels/shop.example.com~1tier';

describe('the value that a call writes at a path', () => {
  const cases: Array<[string, Record<string, unknown> | undefined, unknown, Record<string, unknown>?]> = [
    ['no body', undefined, undefined],
    ['an object', { metadata: { labels: { [LABEL]: 'a' } } }, 'a'],
    ['an object without it', { metadata: { labels: {} } }, undefined],
    ['a merge patch that takes it away', { metadata: { labels: { [LABEL]: null } } }, null],
    ['a merge patch that takes all of them away', { metadata: { labels: null } }, null],
    ['an inherited name', { metadata: { labels: 'constructor' } }, undefined],
    ['no operations', { patch: [] }, undefined],
    ['an operation on it', { patch: [{ op: 'replace', path: POINTER, value: 'a' }] }, 'a'],
    ['one on what holds it', { patch: [{ op: 'add', path: '/metadata/labels', value: { [LABEL]: 'a' } }] }, 'a'],
    ['one on the whole object', { patch: [{ op: 'replace', path: '', value: { metadata: {} } }] }, undefined],
    ['one that takes it away', { patch: [{ op: 'remove', path: POINTER }] }, null],
    ['one that takes all of them away', { patch: [{ op: 'remove', path: '/metadata/labels' }] }, null],
    [
      'the last of several',
      {
        patch: [
          { op: 'add', path: POINTER, value: 'a' },
          { op: 'remove', path: POINTER },
          { op: 'add', path: POINTER, value: 'b' },
        ],
      },
      'b',
    ],
    [
      'one that copies',
      { patch: [{ op: 'copy', from: '/metadata/labels/x', path: POINTER }] },
      'a',
      { metadata: { labels: { [LABEL]: 'a' } } },
    ],
    [
      'one on a part of it, of which only the response has the whole',
      { patch: [{ op: 'add', path: `${POINTER}/-`, value: 'b' }] },
      ['a', 'b'],
      { metadata: { labels: { [LABEL]: ['a', 'b'] } } },
    ],
    [
      'one that tests a part of it',
      { patch: [{ op: 'test', path: `${POINTER}/0`, value: 'a' }] },
      undefined,
      { metadata: { labels: { [LABEL]: ['a'] } } },
    ],
    [
      'one on a part of something else',
      { patch: [{ op: 'add', path: '/metadata/labels/x/y', value: 'b' }] },
      undefined,
      { metadata: { labels: { [LABEL]: 'a' } } },
    ],
    ['one that moves it away', { patch: [{ op: 'move', from: POINTER, path: '/metadata/labels/x' }] }, null],
    [
      'one that moves another value to it',
      { patch: [{ op: 'move', from: '/metadata/labels/x', path: POINTER }] },
      'a',
      { metadata: { labels: { [LABEL]: 'a' } } },
    ],
    ['one that copies it elsewhere', { patch: [{ op: 'copy', from: POINTER, path: '/metadata/labels/x' }] }, undefined],
    ['one that moves something else', { patch: [{ op: 'move', from: '/spec/a', path: '/spec/b' }] }, undefined],
    [
      'one that writes the whole object',
      { patch: [{ op: 'replace', path: '', value: { metadata: { labels: { [LABEL]: 'a' } } } }] },
      'a',
    ],
    [
      'one that tests it, although the object has it',
      { patch: [{ op: 'test', path: POINTER, value: 'a' }] },
      undefined,
      { metadata: { labels: { [LABEL]: 'a' } } },
    ],
    ['one without a pointer', { patch: [{ op: 'add', value: { metadata: { labels: { [LABEL]: 'a' } } } }] }, undefined],
    ['a pointer without its slash', { patch: [{ op: 'add', path: `x${POINTER}`, value: 'a' }] }, undefined],
    ['one that tests it', { patch: [{ op: 'test', path: POINTER, value: 'a' }] }, undefined],
    ['one beside it', { patch: [{ op: 'add', path: `${POINTER}s`, value: 'a' }] }, undefined],
    ['one below it', { patch: [{ op: 'add', path: `${POINTER}/x`, value: 'a' }] }, undefined],
    ['a pointer that is none', { patch: [{ op: 'add', path: 'metadata', value: 'a' }, { op: 'add' }, 7] }, undefined],
    [
      'a pointer in which ~01 is a tilde and a one',
      { patch: [{ op: 'add', path: '/metadata/labels/shop.example.com~01tier', value: 'a' }] },
      undefined,
    ],
  ];
  for (const [what, request, expected, response] of cases)
    it(`is read from ${what}`, () => assert.deepEqual(writtenAt({ request, response }, ...PATH), expected));

  it('is found quickly in a long list of long pointers', () => {
    const patch = Array.from({ length: 10_000 }, () => ({ op: 'add', path: '/~0'.repeat(200), value: 1 }));
    assert.equal(writtenAt({ request: { patch } }, ...PATH), undefined);
  });
});

describe('what a list of operations sets', () => {
  const cases: Array<[string, unknown, unknown[]]> = [
    ['a field', { op: 'add', path: '/spec/hostPID', value: true }, [{ spec: { hostPID: true } }]],
    [
      'a field of an entry of a list',
      { op: 'replace', path: '/spec/containers/0/image', value: 'a' },
      [{ spec: { containers: [{ image: 'a' }] } }],
    ],
    [
      'an entry at the end of a list',
      { op: 'add', path: '/rules/-', value: { verbs: [] } },
      [{ rules: [{ verbs: [] }] }],
    ],
    ['a name with a slash', { op: 'add', path: '/metadata/a~1b', value: 'c' }, [{ metadata: { 'a/b': 'c' } }]],
    ['the whole object', { op: 'replace', path: '', value: { spec: {} } }, [{ spec: {} }]],
    ['nothing: the whole object is no object', { op: 'replace', path: '', value: 7 }, []],
    ['nothing: it takes away', { op: 'remove', path: '/spec/hostPID' }, []],
    ['nothing: it tests', { op: 'test', path: '/spec/hostPID', value: true }, []],
    ['nothing: the value comes from elsewhere', { op: 'copy', from: '/a', path: '/spec/hostPID', value: true }, []],
    ['nothing: it has no path', { op: 'add', value: { spec: {} } }, []],
    ['nothing: it is deeper than any field', { op: 'add', path: '/a'.repeat(17), value: 1 }, []],
    ['nothing: it is none', 7, []],
  ];
  for (const [what, operation, expected] of cases)
    it(`is ${what}`, () => assert.deepEqual(mergesOf({ patch: [operation] }), expected));

  it('is nothing for a body that is no list of operations', () => {
    for (const request of [undefined, {}, { spec: { patch: [] } }, { patch: 'a' }])
      assert.deepEqual(mergesOf(request), []);
  });

  it('leaves the prototype of objects alone', () => {
    const [merge] = mergesOf({ patch: [{ op: 'add', path: '/__proto__/polluted', value: true }] });
    assert.equal(Object.hasOwn(merge ?? {}, '__proto__'), true);
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
  });

  it('is found quickly in a long list of long pointers', () => {
    const patch = Array.from({ length: 10_000 }, () => ({ op: 'add', path: '/~0'.repeat(200), value: 1 }));
    assert.deepEqual(mergesOf({ patch }), []);
  });
});

describe('whether operations change a field of an object', () => {
  const cases: Array<[string, unknown[], boolean]> = [
    ['one on the field', [{ op: 'replace', path: '/subjects', value: [] }], true],
    ['one inside the field', [{ op: 'add', path: '/subjects/0', value: {} }], true],
    ['one on the whole object', [{ op: 'replace', path: '', value: {} }], true],
    ['none that can be read', [7, null], true],
    ['one without a path', [{ op: 'add', value: {} }], true],
    ['one on another field', [{ op: 'add', path: '/metadata/labels/x', value: 'subjects' }], false],
    ['one on a field with a longer name', [{ op: 'add', path: '/subjects2', value: [] }], false],
    [
      'one of several',
      [
        { op: 'add', path: '/metadata/labels/x', value: 'a' },
        { op: 'add', path: '/subjects/1', value: {} },
      ],
      true,
    ],
    ['one that takes something in an entry away', [{ op: 'remove', path: '/subjects/0/namespace' }], true],
    [
      'ones that take entries away',
      [
        { op: 'test', path: '/subjects/0/name', value: 'a' },
        { op: 'remove', path: '/subjects/0' },
        { op: 'remove', path: '/roleRef' },
      ],
      false,
    ],
  ];
  for (const [what, operations, expected] of cases)
    it(`is ${expected} for ${what}`, () => assert.equal(changesAny(operations, ['roleRef', 'subjects']), expected));
});
