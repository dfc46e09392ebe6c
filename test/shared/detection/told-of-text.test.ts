import assert from 'node:assert/strict';
import { toldOfText } from '../../../shared/detection/told-of-text.ts';

describe('toldOfText', () => {
  const counting = () => {
    const asked: string[] = [];
    const tell = toldOfText((text) => {
      asked.push(text);
      return `told ${text}`;
    });
    return { asked, tell };
  };

  it('works something out once for the same text', () => {
    const { asked, tell } = counting();
    assert.deepEqual(['a', 'b', 'a', 'b'].map(tell), ['told a', 'told b', 'told a', 'told b']);
    assert.deepEqual(asked, ['a', 'b']);
  });

  it('keeps the last few texts, and none that is long', () => {
    const { asked, tell } = counting();
    const texts = Array.from({ length: 33 }, (_, n) => `text ${n}`);
    texts.forEach(tell);
    assert.equal(tell('text 32'), 'told text 32');
    assert.equal(asked.length, 33);
    tell('text 0');
    assert.equal(asked.at(-1), 'text 0');
    const long = 'x'.repeat(5000);
    assert.deepEqual([tell(long), tell(long)], [`told ${long}`, `told ${long}`]);
    assert.equal(asked.filter((one) => one === long).length, 2);
  });
});
