import { strict as assert } from 'node:assert';
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

describe('progress', () => {
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
