import { strict as assert } from 'node:assert';
import { z } from 'zod';
import { issueText } from '../../shared/issue-text.ts';

describe('issueText', () => {
  const textOf = (value: unknown, top?: string): string => {
    const read = z.object({ a: z.array(z.number({ error: 'no number' })) }, { error: 'no object' }).safeParse(value);
    return read.success ? assert.fail() : issueText(read.error, top);
  };

  it('names the first thing that is wrong by its path', () => {
    assert.equal(textOf({ a: [1, 'x', 'y'] }), 'a.1: no number');
  });

  it('names the whole where that is wrong', () => {
    assert.equal(textOf('x'), 'body: no object');
    assert.equal(textOf('x', 'request'), 'request: no object');
  });
});
