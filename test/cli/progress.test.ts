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
  it('is a line for each thing done where nothing can be drawn over', async () => {
    assert.equal(await told(false, false), 'started\n');
  });

  it('is nothing where only the result is wanted', async () => {
    assert.equal(await told(false, true), '');
  });

  it('tells a person also what is being done', async () => {
    assert.match(await told(true, true), /started/);
  });
});
