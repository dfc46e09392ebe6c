import { strict as assert } from 'node:assert';
import { inLanes } from './lanes.ts';

describe('inLanes', () => {
  it('begins a job as soon as a lane is free, also where an earlier job still runs', async () => {
    const long = Promise.withResolvers<string>();
    const begun: string[] = [];
    const result = inLanes(
      ['long', 'a', 'b', 'c'],
      async (job) => {
        begun.push(job);
        return job === 'long' ? long.promise : job;
      },
      2,
    );
    assert.deepEqual(begun, ['long', 'a']);
    assert.equal(await result('c'), 'c');
    assert.deepEqual(begun, ['long', 'a', 'b', 'c']);
    long.resolve('end');
    assert.equal(await result('long'), 'end');
  });

  it('tells of a failure whoever awaits the job, and goes on', async () => {
    const result = inLanes(
      [1, 2],
      async (job) => {
        if (job === 1) throw new Error('the first one');
        return job;
      },
      1,
    );
    assert.equal(await result(2), 2);
    await assert.rejects(result(1), /the first one/);
  });

  it('knows no job that it was not given', async () => {
    await assert.rejects(inLanes(['a'], async (job) => job)('b'), /b is none of the jobs/);
  });
});
