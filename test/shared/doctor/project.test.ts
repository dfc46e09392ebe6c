import { strict as assert } from 'node:assert';
import { CHECKS } from '../../../shared/doctor/registry.ts';
import { healthy } from './deployment.ts';
import { examineProject } from './kit.ts';

describe('firebreak doctor on a project', () => {
  it('finds everything as it should be where it is', async () => {
    const { examined } = await examineProject(healthy());
    const bad = examined.flatMap(({ check, verdicts }) =>
      verdicts.flatMap((one) => (one.status === 'ok' ? [] : [{ check, ...one }])),
    );
    assert.deepEqual(bad, []);
    const about = CHECKS.filter((one) => one.about.includes('project')).map(({ id }) => id);
    assert.deepEqual(
      examined.map(({ check }) => check),
      about,
    );
    for (const { check, verdicts } of examined) assert.ok(verdicts.length > 0, check);
  });
});
