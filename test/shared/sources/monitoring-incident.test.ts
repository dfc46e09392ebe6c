import { strict as assert } from 'node:assert';
import { type CpuIncident, cpuIncident } from '../../../local/scenarios/monitoring-incident.ts';
import { evaluate } from '../../../shared/detection/evaluate.ts';
import { Malformed } from '../../../shared/errors.ts';
import { record } from '../../../shared/kubernetes/loose.ts';
import type { CpuOpened, CpuSignal } from '../../../shared/model/cpu-signal.ts';
import { finding } from '../../../shared/model/finding.ts';
import { monitoringIncident } from '../../../shared/sources/monitoring-incident.ts';
import { readPayload } from '../../../shared/sources/registry.ts';
import type { Reading } from '../../../shared/sources/source.ts';

const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };
const NOW = Date.parse('2026-11-03T03:14:04.000Z');
const POD = { kind: 'pod', namespace: 'shop', pod: 'cart-7d9f', container: 'cart' } as const;
const VM = { kind: 'instance', instance: '4242424242424242424', zone: 'europe-west1-b', name: 'node-b1' } as const;

type Over = Record<string, unknown>;
const sent = (of: Partial<CpuIncident> = {}, over: Over = {}, outer: Over = {}): Record<string, unknown> => {
  const whole = cpuIncident({ id: '0.mtdi83m6w8ao', cluster: CLUSTER, on: POD, startedAt: NOW - 600_000, ...of });
  return { ...whole, incident: { ...record(whole.incident), ...over }, ...outer };
};

/** Every place in a payload, as the path of keys that leads to it. */
const pathsOf = (value: unknown): string[][] =>
  Object.entries(record(value) ?? {}).flatMap(([key, inner]) => [
    [key],
    ...pathsOf(inner).map((path) => [key, ...path]),
  ]);
const withAt = (payload: Over, [key = '', ...rest]: string[], value: unknown): Over => ({
  ...payload,
  [key]: rest.length === 0 ? value : withAt(record(payload[key]) ?? {}, rest, value),
});

const read = (payload: unknown): Reading => readPayload(payload, { now: NOW });
const signalOf = (payload: unknown): CpuSignal => {
  const { signal } = read(payload);
  assert.equal(signal?.kind, 'cpu');
  return signal;
};
const opened = (payload: unknown): CpuOpened => {
  const signal = signalOf(payload);
  assert.equal(signal.state, 'open');
  return signal;
};
const refusal = (payload: unknown): string => {
  const reading = read(payload);
  assert.equal(reading.signal, undefined);
  return reading.because;
};

describe('the source monitoring-incident', () => {
  it('reads a threshold on a container: the pod, the beginning, and the measured value', () => {
    const { at, target, shape, observed, threshold, metric, doubts } = opened(sent());
    assert.deepEqual(
      { at, target, shape, observed, threshold, metric, doubts },
      {
        at: '2026-11-03T03:04:04.000Z',
        target: { ...CLUSTER, namespace: 'shop', pod: 'cart-7d9f' },
        shape: 'threshold',
        observed: 0.987,
        threshold: 0.9,
        metric: 'kubernetes.io/container/cpu/limit_utilization',
        doubts: [],
      },
    );
  });

  it('reads a node, and a VM that GKE has labelled with its cluster', () => {
    const node = opened(sent({ on: { kind: 'node', node: 'gke-c1-pool-1-b1' } }));
    assert.deepEqual(node.target, { ...CLUSTER, node: 'gke-c1-pool-1-b1' });
    assert.deepEqual(opened(sent({ on: VM })).target, { ...CLUSTER, instance: VM.instance });
  });

  it('takes the project of the resource, not that of the policy', () => {
    assert.equal(opened(sent({ scopingProject: 'monitoring-1' })).target.project, 'p1');
  });

  // An alert without its cluster must not act on objects of the same name in another cluster.
  it('never places a VM or a pod in a cluster that the incident does not name', () => {
    const bare = opened(sent({ on: VM }, { metadata: { system_labels: {}, user_labels: {} } }));
    assert.deepEqual(bare.target, { project: 'p1', location: 'europe-west1-b', instance: VM.instance });
    assert.match(bare.doubts.join(), /does not name the cluster/);
    const labels = { project_id: 'p1', namespace_name: 'shop', pod_name: 'cart-7d9f' };
    const pod = opened(sent({}, { resource: { type: 'k8s_container', labels } }));
    assert.deepEqual(pod.target, { project: 'p1', namespace: 'shop', pod: 'cart-7d9f' });
    assert.match(pod.doubts.join(), /does not name the cluster/);
    const given = { now: NOW, place: CLUSTER };
    const guessed = readPayload(sent({}, { resource: { type: 'k8s_container', labels } }), given);
    assert.deepEqual(
      guessed.signal?.kind === 'cpu' && guessed.signal.state === 'open' && guessed.signal.target,
      pod.target,
    );
  });

  it('has a doubt if the condition is about several resources at once', () => {
    const signal = opened(sent({ on: VM }, { resource: { type: 'gce_instance', labels: { project_id: 'p1' } } }));
    assert.equal(signal.target.instance, undefined);
    assert.match(signal.doubts.join(), /several at once/);
  });

  it('reads the shape of CPU use from the label of our own policies, and accepts no other value', () => {
    for (const shape of ['plateau', 'strong-plateau', 'strong-plateau-hour'] as const) {
      assert.equal(opened(sent({ shape })).shape, shape);
    }
    const label = { 'firebreak-cpu-shape': 'certainly-a-miner' };
    assert.equal(opened(sent({}, { policy_user_labels: label })).shape, 'threshold');
  });

  it('finds the names among the labels that a PromQL query kept', () => {
    const metric = {
      type: '',
      displayName: '',
      labels: {
        project_id: 'p1',
        location: 'europe-west1',
        cluster_name: 'c1',
        namespace_name: 'shop',
        pod_name: 'cart-7d9f',
      },
    };
    const byQuery = sent({ shape: 'plateau' }, { metric, resource: { type: 'prometheus_target', labels: {} } });
    assert.deepEqual(opened(byQuery).target, { ...CLUSTER, namespace: 'shop', pod: 'cart-7d9f' });
  });

  it('believes no label of a metric, which its writer chooses, against its resource, or where no query kept it', () => {
    const metric = { type: 'custom.googleapis.com/cpu/usage', labels: { pod_name: 'other-0', cluster_name: 'c2' } };
    const { labels } = Object(sent().incident).resource;
    const query = { conditionPrometheusQueryLanguage: { query: 'cpu_usage > 1' } };
    for (const condition of [{ conditionThreshold: {} }, query])
      assert.deepEqual(opened(sent({}, { metric, condition })).target, opened(sent()).target);
    const { pod_name: _, ...unnamed } = labels;
    const resource = { type: 'k8s_container', labels: unnamed };
    const found = opened(sent({}, { metric, condition: { conditionThreshold: {} }, resource }));
    assert.deepEqual(found.target, CLUSTER);
  });

  it("reads the controller if the resource's labels name it", () => {
    const controller = { kind: 'Job', name: 'nightly-report' };
    assert.deepEqual(opened(sent({ on: { ...POD, controller } })).controller, controller);
    assert.equal(opened(sent()).controller, undefined);
    for (const hostile of [
      { ...controller, kind: 'Job/../..' },
      { ...controller, name: 'a,app=x' },
    ])
      assert.equal(opened(sent({ on: { ...POD, controller: hostile } })).controller, undefined);
  });

  it("reads a VM's name from its labels, and neither another resource's nor one that the platform does not allow", () => {
    const named = (name: string) => ({ metadata: { system_labels: { name }, user_labels: {} } });
    assert.equal(opened(sent({ on: VM }, named('node-b1'))).hostName, 'node-b1');
    assert.equal(opened(sent({ on: VM }, named('../node-b1'))).hostName, undefined);
    assert.equal(opened(sent({ on: VM }, { metadata: { system_labels: {}, user_labels: {} } })).hostName, undefined);
    assert.equal(opened(sent({ on: POD }, named('node-b1'))).hostName, undefined);
  });

  it('takes an incident of a node for one of that node, also where a query has kept the name of a pod', () => {
    const labels = { project_id: 'p1', location: 'europe-west1', cluster_name: 'c1', node_name: 'gke-c1-pool-1-b1' };
    const metric = { type: '', labels: { namespace_name: 'shop', pod_name: 'cart-7d9f' } };
    const byQuery = sent({ shape: 'plateau' }, { metric, resource: { type: 'k8s_node', labels } });
    assert.deepEqual(opened(byQuery).target, { ...CLUSTER, node: 'gke-c1-pool-1-b1' });
  });

  it('gives one event for all notifications about an incident, and another for the next incident', () => {
    const { event } = opened(sent());
    assert.match(event, /^[0-9a-f]{32}$/);
    assert.equal(opened(sent({}, { renotify: true, observed_value: '0.99' })).event, event);
    assert.equal(signalOf(sent({ state: 'closed' })).event, event);
    assert.notEqual(opened(sent({ id: '0.other' })).event, event);
  });

  it('reads numbers also from strings, and keeps other text as a doubt', () => {
    assert.equal(opened(sent({}, { observed_value: 0.95, threshold_value: 0.8 })).observed, 0.95);
    const prose = opened(sent({}, { observed_value: 'Incident cancelled because the condition was deleted' }));
    assert.equal(prose.observed, undefined);
    assert.match(prose.doubts.join(), /"Incident cancelled because the condition was deleted"/);
    assert.equal(opened(sent({}, { observed_value: undefined, threshold_value: null })).threshold, undefined);
    assert.equal(opened(sent({}, { started_at: '1793674444' })).at, '2026-11-03T02:54:04.000Z');
  });

  // A resolved alert must not act on a pod that runs well again.
  it('reads a closed incident as an end, whatever else it contains', () => {
    const signal = signalOf(sent({ state: 'closed' }));
    assert.equal(signal.state, 'closed');
    assert.equal(signal.state === 'closed' && signal.endedAt, '2026-11-03T04:14:04.000Z');
    for (const ended_at of [null, 'null', undefined]) {
      const bare = signalOf({ version: '1.2', incident: { incident_id: '0.a', state: 'closed', ended_at } });
      assert.equal(bare.state, 'closed');
    }
  });

  it('accepts no other state as open', () => {
    assert.match(refusal(sent({}, { state: 'acknowledged' })), /state "acknowledged": only an open one/);
    assert.throws(() => read(sent({}, { state: undefined })), Malformed);
  });

  it('ignores a test notification', () => {
    assert.match(refusal(sent({}, { state: 'OPEN' }, { version: 'test' })), /test notification/);
    assert.match(refusal({ version: 'test', incident: { incident_id: '12345', state: 'OPEN' } }), /test notification/);
  });

  it('gives no signal for another metric or for too little use', () => {
    const memory = { type: 'kubernetes.io/container/memory/limit_utilization', labels: {} };
    assert.match(refusal(sent({}, { metric: memory })), /memory\/limit_utilization", not about the use of processors/);
    const low = { conditionThreshold: { comparison: 'COMPARISON_LT', thresholdValue: 0.1 } };
    assert.match(refusal(sent({}, { condition: low })), /little or no use/);
    assert.match(refusal(sent({}, { condition: { conditionAbsent: { duration: '600s' } } })), /little or no use/);
  });

  it('accepts the use of accelerators too', () => {
    const metric = { type: 'kubernetes.io/container/accelerator/duty_cycle', labels: {} };
    assert.equal(opened(sent({}, { metric })).state, 'open');
  });

  const unreadable: Array<[string, Over, RegExp]> = [
    ['without an id', { incident_id: undefined }, /incident_id/],
    ['without a time of beginning', { started_at: null }, /no readable started_at/],
    ['with milliseconds for seconds', { started_at: 1_793_674_444_000 }, /no readable started_at/],
    [
      'without the project of its resource',
      { resource: { type: 'k8s_node', labels: { node_name: 'n1' } } },
      /project_id/,
    ],
    ['with labels that are a list', { resource: { type: 'k8s_node', labels: ['n1'] } }, /resource.labels/],
  ];
  for (const [what, over, message] of unreadable) {
    it(`refuses an incident ${what} with a sentence`, () => {
      assert.throws(
        () => monitoringIncident.read(sent({}, over), { now: NOW }),
        (thrown) => {
          assert.ok(thrown instanceof Malformed);
          assert.match(thrown.message, message);
          return true;
        },
      );
    });
  }

  it('refuses names that the platform does not allow, instead of correcting them', () => {
    for (const pod_name of ['../../nodes', 'cart,app=x', 'cart\u202e', 'a'.repeat(300)]) {
      const labels = {
        project_id: 'p1',
        location: 'europe-west1',
        cluster_name: 'c1',
        namespace_name: 'shop',
        pod_name,
      };
      assert.throws(() => read(sent({}, { resource: { type: 'k8s_container', labels } })), /label pod_name/);
    }
    const labels = { 'goog-k8s-cluster-name': 'C1;', 'goog-k8s-cluster-location': 'europe-west1' };
    assert.throws(() => read(sent({ on: VM }, { metadata: { user_labels: labels } })), /goog-k8s-cluster-name/);
  });

  it('reads or refuses any value at any place, and makes valid findings of what it reads', () => {
    const hostile = [
      null,
      true,
      -1,
      1e300,
      '',
      'null',
      '../..',
      '\u202e\u0000',
      'x'.repeat(200_000),
      [],
      [[]],
      {},
      { a: {} },
    ];
    const whole = sent({ on: { ...POD, controller: { kind: 'Job', name: 'report' } } });
    let findings = 0;
    for (const path of pathsOf(whole)) {
      for (const value of hostile) {
        try {
          const { signal } = read(withAt(whole, path, value));
          for (const one of signal === undefined ? [] : evaluate(signal, NOW)) {
            assert.ok(finding.strict().safeParse(one).success, `${path.join('.')}: ${JSON.stringify(one)}`);
            findings += 1;
          }
        } catch (thrown) {
          assert.ok(
            thrown instanceof Malformed && thrown.message.length < 1000,
            `${path.join('.')}: ${String(thrown)}`,
          );
        }
      }
    }
    assert.ok(findings > 100);
  });

  it('ignores types and labels that every object inherits', () => {
    const resource = { type: 'constructor', labels: { project_id: 'p1' } };
    assert.match(opened(sent({}, { resource })).doubts.join(), /several at once/);
  });
});
