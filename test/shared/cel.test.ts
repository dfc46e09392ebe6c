import { strict as assert } from 'node:assert';
import { makeCel } from '../../shared/cel.ts';

const CEL = makeCel({ name: 'string', count: 'int', names: 'list<string>', body: 'map<string, dyn>' }, [['MANY', 10]]);
const VALUES = { name: 'cart', count: 3, names: ['a', 'b'], body: { spec: { list: [{ n: 'x' }], on: true, size: 2 } } };

const holds = (text: string): boolean => {
  assert.equal(CEL.problemOf(text), undefined, text);
  return CEL.evaluate(text, VALUES).holds;
};

describe('conditions in CEL', () => {
  for (const text of [
    "name == 'cart' && count < MANY",
    "name.like('c*t') && !name.like('*b*')",
    "names.exists(n, n == 'b')",
    'body.spec.on && body.spec.size > 1',
    "body.spec.list.exists(one, one.n == 'x')",
    'has(body.spec) && !has(body.status)',
    'body.spec.list.exists(one, names.all(n, n != one.n))',
  ])
    it(`hold: ${text}`, () => assert.ok(holds(text)));

  for (const text of ["name == 'pay'", 'count > MANY', 'body.spec.size == 3', "name.like('a*')"])
    it(`do not hold: ${text}`, () => assert.ok(!holds(text)));

  it('do not hold if they cannot be evaluated, and say why', () => {
    assert.deepEqual(CEL.evaluate('body.nothing.there == 1', VALUES), {
      holds: false,
      problem: 'No such key: nothing',
    });
    assert.equal(CEL.evaluate('count > 1', { ...VALUES, count: 'x' }).holds, false);
  });

  const wrong: Array<[string, RegExp]> = [
    ['nme == "a"', /not a condition in CEL: .*nme/],
    ['name + 1 == 2', /not a condition in CEL: .*string \+ int/],
    ['name', /comes to string/],
    ['name ==', /not a condition in CEL/],
    ['count > 1 &&\n  nme == "a"', /line 2 of the condition/],
    ['name.matches("a+")', /matches is not offered/],
    ['names.exists(a, names.exists(b, names.exists(c, a == c)))', /more than 2 deep/],
    [`${'('.repeat(40)}true${')'.repeat(40)}`, /not a condition in CEL/],
    [Array.from({ length: 400 }, () => 'true').join(' && '), /not a condition in CEL/],
  ];
  for (const [text, because] of wrong)
    it(`are refused: ${text.slice(0, 40)}`, () => assert.match(CEL.problemOf(text) ?? '', because));

  for (const [text, texts] of [
    ["name == 'a' || 'b' != name", ['a', 'b']],
    ["!(name in ['a', 'b']) && name == 'a'", ['b', 'a']],
    ["names.exists(n, n == 'x' && name == 'a')", ['a']],
    ["body.name == 'x' || name.like('y*') || name == body.other || count == 1", []],
  ] as const)
    it(`tell what a variable is compared with: ${text}`, () => {
      assert.equal(CEL.problemOf(text), undefined);
      assert.deepEqual(CEL.textsFor(text, 'name').toSorted(), [...texts].toSorted());
    });

  it('cannot reach properties that JavaScript objects inherit', () => {
    for (const text of ['body.constructor == 1', 'body.__proto__ == 1', 'body.spec.toString == 1'])
      assert.ok(!holds(text));
  });
});
