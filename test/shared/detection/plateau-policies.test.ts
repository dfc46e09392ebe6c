import { strict as assert } from 'node:assert';
import { cpuIncident } from '../../../local/scenarios/monitoring-incident.ts';
import { PLATEAU_POLICIES, SHAPE_LABEL } from '../../../shared/detection/plateau-policies.ts';
import { record } from '../../../shared/kubernetes/loose.ts';
import { CPU_SHAPES } from '../../../shared/model/cpu-signal.ts';
import { readPayload } from '../../../shared/sources/registry.ts';
import { meets } from '../../kit/promql.ts';
import { BUSY, miner, seriesOf } from '../../kit/use.ts';

const NOW = Date.parse('2026-03-02T10:16:00.000Z');
const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };

describe('the alerting policies for plateaus', () => {
  for (const { id, query, labels } of PLATEAU_POLICIES) {
    it(`${id}: opens for a miner, and for no other busy course`, () => {
      assert.ok(meets(query, seriesOf(miner(0.98), { until: NOW }), NOW));
      for (const [what, course] of Object.entries(BUSY))
        assert.ok(!meets(query, seriesOf(course, { until: NOW, seed: 3 }), NOW), what);
    });

    it(`${id}: has a label that is read as its shape`, () => {
      const on = { kind: 'node', node: 'n1' } as const;
      const sent = cpuIncident({ id: '0.a', cluster: CLUSTER, on, startedAt: NOW });
      const incident = { ...record(sent.incident), policy_user_labels: labels };
      const { signal } = readPayload({ ...sent, incident }, { now: NOW });
      assert.ok(signal?.kind === 'cpu' && signal.state === 'open');
      assert.equal(signal.shape, labels[SHAPE_LABEL]);
      assert.ok(CPU_SHAPES.some((shape) => shape === labels[SHAPE_LABEL]));
    });
  }

  it('have different names, and labels that Google Cloud accepts', () => {
    assert.equal(new Set(PLATEAU_POLICIES.map(({ id }) => id)).size, PLATEAU_POLICIES.length);
    assert.equal(new Set(PLATEAU_POLICIES.map(({ title }) => title)).size, PLATEAU_POLICIES.length);
    for (const { labels } of PLATEAU_POLICIES)
      for (const text of Object.entries(labels).flat()) assert.match(text, /^[a-z][a-z0-9_-]{0,62}$/);
  });
});
