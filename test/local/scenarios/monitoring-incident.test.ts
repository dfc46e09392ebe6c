import { strict as assert } from 'node:assert';
import { cpuIncident } from '../../../local/scenarios/monitoring-incident.ts';
import { at } from '../../../shared/kubernetes/loose.ts';

const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };
const POD = { kind: 'pod', namespace: 'shop', pod: 'cart-0', container: 'cart' } as const;
const BASE = { id: '0.a', cluster: CLUSTER, on: POD, startedAt: Date.parse('2026-11-03T03:14:04.900Z') };

describe('the builder of Cloud Monitoring incidents', () => {
  it('writes what Cloud Monitoring writes: values as strings, times in whole seconds, project numbers as numbers', () => {
    const sent = cpuIncident({ ...BASE, scopingProject: 'monitoring-1' });
    const of = (...keys: string[]): unknown => at(sent, 'incident', ...keys);
    assert.equal(sent.version, '1.2');
    assert.deepEqual(
      [of('state'), of('started_at'), of('ended_at'), of('observed_value'), of('threshold_value')],
      ['open', 1_793_675_644, null, '0.987', '0.9'],
    );
    assert.deepEqual([of('scoping_project_id'), of('resource', 'labels', 'project_id')], ['monitoring-1', 'p1']);
    assert.equal(typeof of('scoping_project_number'), 'number');
    assert.equal(of('condition', 'conditionThreshold', 'thresholdValue'), 0.9);
    assert.equal(of('condition', 'conditionPrometheusQueryLanguage'), undefined);
  });

  it('writes the closing of the same incident with its end time', () => {
    const sent = cpuIncident({ ...BASE, state: 'closed' });
    assert.equal(at(sent, 'incident', 'state'), 'closed');
    assert.ok(Number(at(sent, 'incident', 'ended_at')) > Number(at(sent, 'incident', 'started_at')));
  });

  it('writes the query of a shape, and the label that names the shape', () => {
    const sent = cpuIncident({ ...BASE, on: { kind: 'node', node: 'n1' }, shape: 'plateau' });
    assert.deepEqual(at(sent, 'incident', 'policy_user_labels'), { 'firebreak-cpu-shape': 'plateau' });
    assert.match(
      String(at(sent, 'incident', 'condition', 'conditionPrometheusQueryLanguage', 'query')),
      / and avg_over_time\(\{"kubernetes\.io\/node\/cpu\/allocatable_utilization"\}\[15m\] offset 4m\) >= 0\.6 and /,
    );
  });
});
