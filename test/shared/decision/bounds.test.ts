import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { previousOf } from '../../../shared/decision/episode.ts';
import { answersWith } from '../../../shared/decision/replaced.ts';
import { withRequest } from '../../../shared/decision/requests/request.ts';
import type { Answer } from '../../../shared/model/incident.ts';
import { contained } from '../views/fixtures.ts';

const numbers = Array.from({ length: 30 }, (_, n) => n);

describe('what others may make longer', () => {
  it('is cut to the newest answers and requests of an incident', () => {
    const { openedAt: at } = contained();
    const answer = (n: number) => ({ plan: `p-${n}`, tier: 'isolate', outcome: 'lapsed', by: 'nobody', at }) as const;
    const answered = numbers.reduce<Answer[]>((known, n) => answersWith({ answered: known }, answer(n)), []);
    assert.deepEqual(
      answered.map(({ plan }) => plan),
      numbers.slice(10).map((n) => `p-${n}`),
    );
    const requested = numbers.reduce((known, n) => withRequest(known, `r-${n}`, 'done'), contained());
    assert.deepEqual(
      requested.requests?.map(({ id }) => id),
      numbers.slice(10).map((n) => `r-${n}`),
    );
  });

  it('is looked back at for five episodes, where none of them was opened', async () => {
    let reads = 0;
    const incidents = {
      get: async () => {
        reads += 1;
        return undefined;
      },
      put: () => assert.fail(),
      list: () => assert.fail(),
      delete: () => assert.fail(),
    };
    assert.equal(await previousOf({ incidents }, { key: 'shop-cart-3f2a', episode: 1_000 }), undefined);
    assert.equal(reads, 5);
  });
});
