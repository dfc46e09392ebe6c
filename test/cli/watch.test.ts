import { strict as assert } from 'node:assert';
import type { Io } from '../../cli/io.ts';
import { type Look, watch } from '../../cli/watch.ts';
import { Denied, Transient } from '../../shared/errors.ts';
import { captured } from './kit.ts';

/** Watches these looks in order, until the last one ends it. */
const watched = async (seen: ReadonlyArray<Look | Error>, parts: Partial<Io> = {}, lines = false) => {
  const { io, said } = captured(parts);
  const left = [...seen];
  const look = async (): Promise<Look> => {
    const next = left.shift() ?? new Denied('that was all');
    if (next instanceof Error) throw next;
    return next;
  };
  const ended = await watch(io, { everyMs: 1, lines, look }, async () => {}).catch((thrown: unknown) => thrown);
  return { ended, ...(await said()) };
};
const at = (revision: string, text = revision): Look => ({ text, revision });
const DOWN = new Transient('no answer');

describe('watch', () => {
  it('prints only changes if the output is not a terminal', async () => {
    const { out, err, ended } = await watched([at('a'), at('a'), at('b')]);
    assert.deepEqual([out, err], ['a\nb\n', '']);
    assert.deepEqual(ended, new Denied('that was all'));
  });

  it('prints lines on a terminal too, if lines are asked for', async () => {
    assert.equal((await watched([at('a'), at('b')], { isTTY: true }, true)).out, 'a\nb\n');
  });

  it('redraws in place on a terminal, no more than fits', async () => {
    const { out } = await watched([at('a', '1\n2\n3\n4\n5'), at('b', '1')], {
      isTTY: true,
      rows: 5,
      env: { NO_COLOR: '1' },
    });
    assert.equal(
      out,
      '\u001b[2J\u001b[H1\u001b[K\n2\u001b[K\n… 3 more lines\u001b[K\nCtrl-C ends this\u001b[K\n\u001b[J' +
        '\u001b[H1\u001b[K\nCtrl-C ends this\u001b[K\n\u001b[J',
    );
  });

  it('counts the rows of lines that the terminal wraps', async () => {
    const text = ['1', 'x'.repeat(50), '\u001b[31m3\u001b[39m', '4', '5'].join('\n');
    const { out } = await watched([at('a', text)], { isTTY: true, rows: 6, columns: 40, env: { NO_COLOR: '1' } });
    assert.match(out, /\n… 3 more lines\u001b\[K\nCtrl-C/);
    const whole = await watched([at('a', text)], { isTTY: true, rows: 8, columns: 40, env: { NO_COLOR: '1' } });
    assert.match(whole.out, /\n5\u001b\[K\nCtrl-C/);
  });

  it('shows the beginning and the end of what says how many of its first lines stay', async () => {
    const look = { ...at('a', '1\n2\n3\n4\n5\n6\n7'), top: 2 };
    const { out } = await watched([look], { isTTY: true, rows: 7, env: { NO_COLOR: '1' } });
    assert.deepEqual(out.replaceAll('\u001b[K', '').split('\n').slice(1, 6), [
      '2',
      '… 3 more lines',
      '6',
      '7',
      'Ctrl-C ends this',
    ]);
  });

  it('reports a temporary read failure, keeps what was shown, and goes on', async () => {
    const { out, err } = await watched([at('a'), DOWN, at('b')]);
    assert.deepEqual([out, err], ['a\nb\n', 'cannot be read for now (try 1): no answer\n']);
    const drawn = await watched([at('a'), DOWN], { isTTY: true, env: { NO_COLOR: '1' } });
    assert.match(drawn.out, /\u001b\[Ha\u001b\[K\ncannot be read for now \(try 1\): no answer/);
  });

  it('gives up if it may not read, or if reading fails for too long', async () => {
    assert.deepEqual((await watched([new Denied('not yours')])).ended, new Denied('not yours'));
    assert.deepEqual((await watched(Array(20).fill(DOWN))).ended, DOWN);
  });
});
