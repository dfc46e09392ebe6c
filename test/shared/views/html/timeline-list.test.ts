import { strict as assert } from 'node:assert';
import { markupOf } from '../../../../shared/views/html/escape.ts';
import { timelineList } from '../../../../shared/views/html/timeline-list.ts';
import { contained, finding } from '../fixtures.ts';

const decidedBecause = (...because: string[]): string[] => {
  const { decision } = contained();
  assert.ok(decision !== null);
  const text = markupOf(timelineList(contained({ decision: { ...decision, because } }), []));
  const [, item = ''] = /ev-decided([\s\S]*?)<svg/.exec(text) ?? [];
  return [...item.matchAll(/<bdi>([^<]*)<\/bdi><\/li>/g)].map(([, why = '']) => why);
};

describe('the time line of a page', () => {
  it('says why the tier decided is not that of the matrix, and leaves out how it was computed', () => {
    const matrix = 'high with confidence 0.98 is quarantine in the matrix';
    const limit = 'namespace kube-system is protected (kube-system): snapshot at most';
    assert.deepEqual(decidedBecause(matrix, limit, 'seen: exec-into-pod medium 0.45 (exec)', 'and more'), [
      matrix,
      limit,
    ]);
    assert.deepEqual(decidedBecause('requested by ana@example.com', '2', '3', '4'), [
      'requested by ana@example.com',
      '2',
      '3',
    ]);
  });

  it('gives one reason of a finding, which has a place of its own', () => {
    const text = markupOf(timelineList(contained({ findings: [finding({ because: ['one', 'two'] })] }), []));
    assert.match(text, />one</);
    assert.doesNotMatch(text, />two</);
  });
});
