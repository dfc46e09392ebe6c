import assert from 'node:assert/strict';
import { toldOfText } from '../../shared/told-of-text.ts';

describe('toldOfText', () => {
  const counting = () => {
    const asked: string[] = [];
    const tell = toldOfText((text) => {
      asked.push(text);
      return text === '' ? undefined : `told ${text}`;
    });
    return { asked, tell };
  };

  it('computes a value once for the same text, also if it is undefined', () => {
    const { asked, tell } = counting();
    assert.deepEqual(['a', 'b', 'a', '', 'b', ''].map(tell), [
      'told a',
      'told b',
      'told a',
      undefined,
      'told b',
      undefined,
    ]);
    assert.deepEqual(asked, ['a', 'b', '']);
  });

  it('keeps the values in use, drops the others, and keeps that of a long text until the next text', () => {
    const { asked, tell } = counting();
    tell('once');
    for (let n = 0; n < 5000; n += 1)
      assert.deepEqual([tell(`text ${n}`), tell('used')], [`told text ${n}`, 'told used']);
    assert.equal(asked.filter((one) => one === 'used').length, 1);
    tell('once');
    assert.equal(asked.filter((one) => one === 'once').length, 2);
    const long = 'x'.repeat(5000);
    assert.deepEqual(
      [long, long, 'a', long, long].map(tell),
      [long, long, 'a', long, long].map((one) => `told ${one}`),
    );
    assert.equal(asked.filter((one) => one === long).length, 2);
  });
});
