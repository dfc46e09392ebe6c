import { strict as assert } from 'node:assert';
import { type CpuIncident, cpuIncident } from '../../../../local/scenarios/monitoring-incident.ts';
import { assess } from '../../../../shared/decision/assess.ts';
import { readPolicy } from '../../../../shared/decision/policy.ts';
import { CPU_CLAIMS, HONEST, MOST } from '../../../../shared/detection/cpu-claims.ts';
import { evaluate } from '../../../../shared/detection/evaluate.ts';
import { queryOf } from '../../../../shared/detection/plateau-shapes.ts';
import { sustainedHighCpu } from '../../../../shared/detection/rules/sustained-high-cpu.ts';
import { CPU_SHAPES } from '../../../../shared/model/cpu-signal.ts';
import { type Finding, finding } from '../../../../shared/model/finding.ts';
import { severityRank } from '../../../../shared/model/ids.ts';
import { readPayload } from '../../../../shared/sources/registry.ts';
import { NOW, signalOf } from '../../../fixtures/signals.ts';

const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };
const POD = { kind: 'pod', namespace: 'shop', pod: 'cart-0', container: 'cart' } as const;

const seen = (of: Partial<CpuIncident> = {}): Finding[] => {
  const payload = cpuIncident({ id: '0.a', cluster: CLUSTER, on: POD, startedAt: NOW, ...of });
  const { signal } = readPayload(payload, { now: NOW });
  assert.equal(signal?.kind, 'cpu');
  return evaluate(signal, NOW).map((one) => finding.strict().parse(one));
};
const fired = (of: Partial<CpuIncident> = {}): Finding => {
  const [one, ...others] = seen(of);
  assert.ok(one !== undefined && others.length === 0);
  assert.equal(one.rule, sustainedHighCpu.id);
  return one;
};

describe('sustained-high-cpu', () => {
  it('fires on an open incident, with its pod and its beginning', () => {
    const one = fired();
    assert.deepEqual(one.target, { ...CLUSTER, namespace: 'shop', pod: 'cart-0' });
    assert.equal(one.at, '2026-03-02T10:16:00.000Z');
    assert.deepEqual([one.family, one.source, one.conclusive], ['cpu', 'monitoring-incident', undefined]);
    assert.match(one.because.join(), /above a threshold; .* 0\.987, with 0\.9 as the threshold/);
    assert.match(one.because.join(), /incident "0\.a"/);
  });

  it('fires on nodes and VMs', () => {
    assert.equal(fired({ on: { kind: 'node', node: 'n1' } }).target.node, 'n1');
    const vm = { kind: 'instance', instance: '42', zone: 'europe-west1-b', name: 'n1' } as const;
    assert.deepEqual(fired({ on: vm }).target, { ...CLUSTER, instance: '42' });
  });

  it('does not fire on a closed incident', () => assert.deepEqual(seen({ state: 'closed' }), []));

  it('does not fire on an audit log entry', () => {
    assert.deepEqual(evaluate(signalOf({ verb: 'get', resource: 'pods' }), NOW, [sustainedHighCpu]), []);
  });

  it('claims more for a stronger shape, and never more than its maximum', () => {
    const claims = (['plateau', 'strong-plateau', 'plateau-hour', 'strong-plateau-hour'] as const).map((shape) =>
      fired({ shape }),
    );
    const all = [fired(), ...claims];
    const weight = ({ severity, confidence }: Finding): number => severityRank(severity) + confidence;
    assert.deepEqual(
      all.map(({ severity, confidence }) => `${severity} ${confidence}`),
      ['low 0.2', 'low 0.25', 'low 0.35', 'low 0.45', 'medium 0.5'],
    );
    assert.ok(all.every((one, n) => n === 0 || weight(one) > weight(all[n - 1] ?? one)));
    assert.ok(all.every(({ confidence }) => confidence <= sustainedHighCpu.confidence));
  });

  it('claims no more for a Job than for a threshold', () => {
    const controller = { kind: 'Job', name: 'nightly-report' };
    const one = fired({ shape: 'strong-plateau-hour', on: { ...POD, controller } });
    assert.deepEqual([one.severity, one.confidence], ['low', 0.2]);
    assert.match(one.because.join(), /Job "nightly-report"/);
    const other = fired({
      shape: 'strong-plateau-hour',
      on: { ...POD, controller: { kind: 'Deployment', name: 'cart' } },
    });
    assert.equal(other.confidence, 0.5);
  });

  it('never leads above snapshot by itself, however often it fires', () => {
    const { matrix } = readPolicy('').policy;
    const at = { rule: sustainedHighCpu.id, family: 'cpu' as const, conclusive: false };
    const maxima = CPU_SHAPES.map((shape) => ({ ...CPU_CLAIMS[shape], ...at, finding: shape }));
    assert.equal(assess(matrix, [...maxima, { ...MOST, ...at, finding: 'new' }]).tier, 'snapshot');
    for (const one of [...maxima.slice(0, 4), { ...HONEST, ...at, finding: 'honest' }])
      assert.equal(assess(matrix, [one]).tier, 'observe');
  });

  it('has the query of the strongest shape for Cloud Monitoring', () => {
    const query = queryOf('strong-plateau-hour', 'kubernetes.io/container/cpu/limit_utilization');
    assert.equal(sustainedHighCpu.query, query);
    for (const part of ['[60m] offset 4m) >= 0.9', 'stddev_over_time', 'quantile_over_time', 'deriv', 'min_over_time'])
      assert.ok(sustainedHighCpu.query.includes(part), part);
  });
});
