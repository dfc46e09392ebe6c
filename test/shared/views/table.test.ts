import { strict as assert } from 'node:assert';
import { tableText } from '../../../shared/views/table.ts';

describe('tableText', () => {
  it('aligns cells by their visible width, and leaves no space at a line end', () => {
    assert.equal(
      tableText(
        ['NAME', 'STATE', 'N'],
        [
          ['a', '\u001b[32mok\u001b[39m', '1'],
          ['longer', 'failed', ''],
        ],
      ),
      ['NAME    STATE   N', 'a       \u001b[32mok\u001b[39m      1', 'longer  failed'].join('\n'),
    );
  });

  it('puts each row on lines of its own where one is wider than the screen', () => {
    const rows = [
      ['a', 'shop/cart', 'exec-miner exec-into-pod'],
      ['b', 'x', ''],
    ];
    const heading = ['SEEN', 'TARGET', 'RULES'];
    assert.equal(tableText(heading, rows, 80).split('\n').length, 3);
    assert.equal(
      tableText(heading, rows, 24),
      ['a', '  TARGET  shop/cart', '  RULES   exec-miner', '          exec-into-pod', '', 'b', '  TARGET  x'].join(
        '\n',
      ),
    );
  });
});
