import { strict as assert } from 'node:assert';
import { makeLines } from '../../../shared/adapters/lines.ts';
import { makeStdoutLog } from '../../../shared/adapters/log-stdout.ts';

describe('lines', () => {
  const opened = () => {
    const written: string[] = [];
    const laters: Array<() => void> = [];
    const lines = makeLines(
      (text) => void written.push(text),
      (flush) => laters.push(flush),
    );
    return { lines, written, laters };
  };

  it('writes waiting lines together: later, before an urgent line, or on flush', () => {
    const { lines, written, laters } = opened();
    lines.write('a\n', false);
    lines.write('b\n', false);
    assert.deepEqual([written, laters.length], [[], 1]);
    laters.shift()?.();
    lines.write('c\n', false);
    lines.write('d\n', true);
    lines.write('e\n', true);
    assert.deepEqual(written, ['a\nb\n', 'c\nd\n', 'e\n']);
    laters.shift()?.();
    lines.write('f\n', false);
    lines.flush();
    lines.flush();
    assert.deepEqual(written.slice(3), ['f\n']);
  });

  it('delays informational lines of the log, but not a warning or the end of an event', () => {
    const { lines, written } = opened();
    const log = makeStdoutLog({ function: 'decide', project: 'p1', clock: { now: () => 0 }, write: lines.write });
    log.info('envelope -> signal', 'read');
    assert.equal(written.length, 0);
    log.count('malformed', 'no such thing');
    log.info('envelope -> signal', 'read');
    log.info('envelope -> acknowledged', 'handled');
    log.warn('run', 'careful');
    log.error('envelope -> delivered again', 'no');
    assert.deepEqual(
      written.map((text) => text.trimEnd().split('\n').length),
      [2, 2, 1, 1],
    );
  });
});
