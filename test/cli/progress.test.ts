import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { makeProgress } from '../../cli/progress.ts';
import { captured } from './kit.ts';

const told = async (canRedraw: boolean, quiet: boolean): Promise<string> => {
  const { io, said } = captured({ canRedraw });
  const progress = makeProgress(io, quiet);
  progress.doing('starting');
  progress.done('started');
  progress.end();
  return (await said()).err;
};

/** What is drawn on a terminal by a process in which every library believes that it may use colours. */
const drawn = (colour: boolean): string => {
  const { CI: _, NO_COLOR: __, ...env } = process.env;
  const script = `
    import { makeProgress } from '${new URL('../../cli/progress.ts', import.meta.url)}';
    const move = () => true;
    const screen = { isTTY: true, cursorTo: move, clearLine: move, moveCursor: move, columns: 80 };
    const stderr = Object.assign(process.stdout, screen);
    const progress = makeProgress({ stderr, canRedraw: true, columns: 80, colour: ${colour} }, true);
    progress.doing('starting');
    progress.end();`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...env, FORCE_COLOR: '1', TERM: 'xterm' },
    encoding: 'utf8',
  });
};

describe('progress', () => {
  it('has colour only where the output may have it', () => {
    const coloured = /\u001b\[\d+m.\u001b\[\d+m starting/;
    assert.match(drawn(true), coloured);
    assert.match(drawn(false), /. starting/);
    assert.doesNotMatch(drawn(false), coloured);
  });

  it('prints one line per thing done if the output is not a terminal', async () => {
    assert.equal(await told(false, false), 'started\n');
  });

  it('breaks what is done at words where it is wider than the terminal', async () => {
    const { io, said } = captured({ canRedraw: true, columns: 40 });
    makeProgress(io, false).done('a miner is downloaded into a pod and started there');
    assert.match((await said()).err, /a miner is downloaded into a pod and\n {2}started there\n/);
  });

  it('prints nothing if only the result is wanted', async () => {
    assert.equal(await told(false, true), '');
  });

  it('tells on a terminal what is being done and what is done, even if only the result is wanted', async () => {
    assert.match(await told(true, true), /starting\n.*started\n/s);
  });
});
