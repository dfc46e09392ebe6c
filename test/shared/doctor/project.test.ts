import { strict as assert } from 'node:assert';
import { CHECKS } from '../../../shared/doctor/registry.ts';
import { healthy } from './deployment.ts';
import { examineProject } from './kit.ts';

describe('firebreak doctor on a project', () => {
  it('finds nothing wrong in a healthy project', async () => {
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

  it('says what is missing in a project in which nothing is deployed, and reads everything without an error', async () => {
    const deployment = healthy();
    const nothing = { functions: [], topics: [], subscriptions: [], sinks: [], databases: [], jobs: [], entries: [] };
    Object.assign(deployment, nothing, {
      channels: [],
      alerts: [],
      policies: {},
      buckets: {},
      roles: {},
      accounts: {},
    });
    deployment.policy = { bindings: [], auditConfigs: [] };
    const { examined } = await examineProject(deployment);
    const failed = examined.filter(({ verdicts }) => verdicts.some(({ status }) => status === 'fail'));
    const about = ['alerts', 'clusters', 'data-access', 'databases', 'delivery', 'evidence', 'functions', 'heartbeat'];
    assert.deepEqual(
      failed.map(({ check }) => check).toSorted(),
      [...about, 'sink', 'subscriptions', 'tick', 'topics'].toSorted(),
    );
    const empty = examined.filter(({ verdicts }) =>
      verdicts.some(({ says }) => says === 'has nothing that this check could examine'),
    );
    assert.deepEqual(
      empty.map(({ check }) => check),
      ['permissions', 'cluster-access', 'node-names', 'quarantine-rules'],
    );
    const unread = examined.flatMap(({ verdicts }) => verdicts.filter(({ says }) => says.includes('cannot be read')));
    assert.deepEqual(unread, []);
  });
});
