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
});
