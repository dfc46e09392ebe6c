import { strict as assert } from 'node:assert';
import { authorized } from '../../../shared/adapters/tokens.ts';

/** What is sent, and the answer, where the service answers a token so. */
const played = async (statusOf: (token: string) => number) => {
  const sent: string[] = [];
  const { status } = await authorized<string, { status: number }>(
    async (refused) => (refused === undefined ? 'old' : `new after ${refused}`),
    async (token) => {
      sent.push(token);
      return { status: statusOf(token) };
    },
  );
  return { sent, status };
};

describe('authorized', () => {
  it('sends once more, under a new token, where the first is refused', async () => {
    assert.deepEqual(await played((token) => (token === 'old' ? 401 : 200)), {
      sent: ['old', 'new after old'],
      status: 200,
    });
  });
  it('gives the second refusal back', async () => {
    assert.deepEqual(await played(() => 401), { sent: ['old', 'new after old'], status: 401 });
  });
  it('sends nothing again after any other answer', async () => {
    for (const status of [200, 403, 409, 500]) assert.deepEqual(await played(() => status), { sent: ['old'], status });
  });
});
