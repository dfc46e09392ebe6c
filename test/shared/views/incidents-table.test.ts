import { strict as assert } from 'node:assert';
import { timeOf } from '../../../shared/model/time.ts';
import { incidentsTable } from '../../../shared/views/incidents-table.ts';
import { plainPalette } from '../../../shared/views/palette.ts';
import { contained, isolating, T0 } from './fixtures.ts';

const at = (columns: number): string[] =>
  incidentsTable([contained(), isolating()], { palette: plainPalette, columns, now: T0 + 120_000 }).split('\n');

describe('incidentsTable', () => {
  it('has a row for each incident where the rows fit', () => {
    const lines = at(200);
    assert.deepEqual(
      lines.map((line) => line.trimEnd().split(/ {2,}/)),
      [
        ['INCIDENT', 'STATE', 'SEVERITY', 'TIER', 'TARGET', 'AGE', 'ASKS FOR'],
        ['shop-cart-3f2a-1', 'contained', 'HIGH', 'quarantine', 'pod shop/cart-7d9f', '1 min'],
        ['shop-cart-3f2a-2', 'containing', 'CRITICAL', 'isolate', 'pod shop/cart-7d9f', '1 min', 'delete-workload'],
      ],
    );
    assert.deepEqual(at(60).slice(2), [
      'pod shop/cart-7d9f  CRITICAL  containing  isolate',
      '  asks for delete-workload',
      '  shop-cart-3f2a-2, 1 min ago',
    ]);
  });

  it('says of an incident that it is held: its state alone reads as if all were done', () => {
    const held = contained({ held: { because: 'the budget is used up', at: timeOf(T0) } });
    for (const columns of [200, 60]) {
      const text = incidentsTable([held], { palette: plainPalette, columns, now: T0 + 120_000 });
      assert.match(text, /contained, held/);
    }
  });

  it('says what an ask adds where there is room for it', () => {
    const { decision } = contained();
    const asked = { tier: 'quarantine', plan: 'p-1', until: timeOf(T0 + 3_600_000), lifts: true } as const;
    const held = contained({ ...(decision === null ? {} : { decision: { ...decision, asked } }) });
    const text = incidentsTable([held], { palette: plainPalette, columns: 60, now: T0 + 120_000 });
    assert.match(text, /asks for quarantine beyond the budget/);
  });

  it('says the same on lines of each incident where a row does not fit', () => {
    for (const columns of [80, 60, 40]) {
      const lines = at(columns);
      assert.deepEqual(
        lines.filter((line) => line.length > columns),
        [],
        `at ${columns}`,
      );
      for (const word of ['HIGH', 'CRITICAL', 'contained', 'containing', contained().id])
        assert.ok(lines.join('\n').includes(word), `${word} at ${columns}`);
    }
  });
});
