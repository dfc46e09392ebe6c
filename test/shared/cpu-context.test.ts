import { strict as assert } from 'node:assert';
import { cpuIncident, type Monitored } from '../../local/scenarios/monitoring-incident.ts';
import { type LookPorts, lookAround } from '../../shared/cpu-context.ts';
import { evaluate } from '../../shared/detection/evaluate.ts';
import { Denied, Transient } from '../../shared/errors.ts';
import type { KubeObject } from '../../shared/kubernetes/object.ts';
import type { CpuOpened, CpuShape } from '../../shared/model/cpu-signal.ts';
import { type Finding, finding } from '../../shared/model/finding.ts';
import type { ClusterReader } from '../../shared/ports.ts';
import { readPayload } from '../../shared/sources/registry.ts';
import { flat, metricsOf, type Used } from '../kit/metrics.ts';
import { podOf } from '../kit/pods.ts';

const NOW = Date.parse('2026-03-02T10:16:00.000Z');
const HOUR_MS = 3_600_000;
const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };
const ON_POD: Monitored = { kind: 'pod', namespace: 'shop', pod: 'cart-0', container: 'cart' };
const OWNED = { owner: { kind: 'StatefulSet', name: 'cart' } };

const signalOn = (on: Monitored, shape?: Exclude<CpuShape, 'threshold'>): CpuOpened => {
  const given = { id: '0.a', cluster: CLUSTER, on, startedAt: NOW - 60_000, ...(shape === undefined ? {} : { shape }) };
  const { signal } = readPayload(cpuIncident(given), { now: NOW });
  assert.ok(signal?.kind === 'cpu' && signal.state === 'open');
  return signal;
};

const clustersOf = (pods: KubeObject[]): NonNullable<LookPorts['clusters']> => {
  const reader: ClusterReader = {
    get: async ({ namespace, name }) =>
      pods.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace),
    list: async ({ fields }) => pods.filter(({ spec }) => spec?.nodeName === fields?.['spec.nodeName']),
    each: () => assert.fail('it lists the pods of a node only'),
    log: async () => undefined,
  };
  return { reader: () => reader };
};

const findingsOn = async (
  ports: LookPorts,
  on: Monitored = ON_POD,
  shape?: Exclude<CpuShape, 'threshold'>,
): Promise<Finding[]> => {
  const looked = await lookAround(ports, signalOn(on, shape), NOW);
  return looked.flatMap((signal) => evaluate(signal, NOW)).map((one) => finding.strict().parse(one));
};
const only = (found: Finding[]): Finding => {
  const [one, ...others] = found;
  assert.ok(one !== undefined && others.length === 0, JSON.stringify(found.map(({ rule }) => rule)));
  return one;
};
const claimed = ({ severity, confidence }: Finding): string => `${severity} ${confidence}`;
const because = (one: Finding): string => one.because.join('\n');

/** Three replicas of a workload that is a month old, one of which has begun to mine. */
const mining = (over: Partial<Used> = {}): Used[] => [
  { pod: 'cart-0', controller: 'cart', node: 'n1', limit: 1, use: flat(0.98, { from: NOW - 2 * HOUR_MS }), ...over },
  { pod: 'cart-1', controller: 'cart', node: 'n1', limit: 1, use: flat(0.1) },
  { pod: 'cart-2', controller: 'cart', node: 'n2', limit: 1, use: flat(0.12) },
];
const clusters = clustersOf([podOf(OWNED), podOf({ ...OWNED, name: 'cart-1' })]);

describe('looking around an alert on CPU use', () => {
  it('raises confidence if the series of one replica of three is flat for an hour', async () => {
    const one = only(await findingsOn({ metrics: metricsOf(mining()), clusters }));
    assert.equal(claimed(one), 'medium 0.55');
    assert.match(
      because(one),
      /flat at 90 % or more for an hour, like that of a miner: 98\.0 % on average over 60 minutes/,
    );
    assert.match(because(one), /none of its 2 other replicas is even half as busy/);
  });

  it('contradicts an alerting policy if the series does not have the claimed shape', async () => {
    const use = (at: number): number => 0.7 + 0.2 * Math.sin(at / 300_000);
    const one = only(
      await findingsOn({ metrics: metricsOf(mining({ use })), clusters }, ON_POD, 'strong-plateau-hour'),
    );
    assert.equal(claimed(one), 'low 0.2');
    assert.match(because(one), /not flat like that of a miner/);
    assert.match(because(one), /policy says strong-plateau-hour, but the series shows threshold/);
  });

  it('finds a miner that is limited to 70 %, below every threshold', async () => {
    const quiet = mining({ use: flat(0.7, { from: NOW - 2 * HOUR_MS }) });
    assert.equal(claimed(only(await findingsOn({ metrics: metricsOf(quiet), clusters }))), 'medium 0.55');
    const [alone] = quiet;
    assert.equal(
      claimed(only(await findingsOn({ metrics: metricsOf(alone === undefined ? [] : [alone]), clusters }))),
      'low 0.45',
    );
  });

  it('says that a workload is new if it is less than a day old', async () => {
    const since = NOW - 3 * HOUR_MS;
    const all = mining().map((one) => ({ ...one, since, use: flat(0.98) }));
    const one = only(await findingsOn({ metrics: metricsOf(all), clusters }));
    assert.equal(claimed(one), 'medium 0.6');
    assert.match(because(one), /its workload is less than a day old/);
  });

  it('measures a container without a limit by the processors of its node', async () => {
    const [own] = mining();
    assert.ok(own !== undefined);
    const { limit: _, ...unlimited } = own;
    const use = (at: number): number => 3.9 * own.use(at);
    const metrics = metricsOf([{ ...unlimited, use }], { n1: { use: flat(0.98), processors: 3.92 } });
    const one = only(await findingsOn({ metrics, clusters }));
    assert.match(because(one), /97\.5 % on average over 60 minutes/);
    const nowhere = only(await findingsOn({ metrics: metricsOf([{ ...unlimited, use }]), clusters }));
    assert.equal(claimed(nowhere), 'low 0.2');
    assert.match(because(nowhere), /no CPU limit, and the number of processors of its node is not known/);
  });

  it('reads the series of an accelerator if the alert is on one', async () => {
    const metrics = metricsOf(mining());
    const signal = { ...signalOn(ON_POD), metric: 'kubernetes.io/container/accelerator/duty_cycle' };
    const [looked] = await lookAround({ metrics, clusters }, signal, NOW);
    assert.ok(looked !== undefined && looked.context !== undefined && 'course' in looked.context.series);
    assert.equal(looked.context.series.shape, 'strong-plateau-hour');
    assert.ok(metrics.asked.every(({ metric }) => metric.endsWith('duty_cycle')));
  });

  it('asks by project, cluster, namespace and controller for the last hour, eight days by the hour, and this hour of earlier days', async () => {
    const metrics = metricsOf(mining());
    await findingsOn({ metrics, clusters });
    assert.deepEqual(new Set(metrics.asked.map(({ project }) => project)), new Set(['p1']));
    assert.deepEqual(metrics.asked[0]?.labels, {
      location: 'europe-west1',
      cluster_name: 'c1',
      namespace_name: 'shop',
    });
    assert.deepEqual(metrics.asked[0]?.system, { top_level_controller_name: 'cart' });
    const [minute, day] = [HOUR_MS / 60, 24 * HOUR_MS];
    assert.deepEqual(
      metrics.asked.map(({ from, until, stepMs }) => ({ ends: NOW - until, spans: until - from, stepMs })),
      [
        { ends: 0, spans: 75 * minute, stepMs: minute },
        { ends: 0, spans: 8 * day, stepMs: HOUR_MS },
        { ends: day, spans: 75 * minute, stepMs: minute },
        { ends: 7 * day, spans: 75 * minute, stepMs: minute },
      ],
    );
  });
});

describe('CPU use that has little weight, however flat it is', () => {
  const busy = (pod: KubeObject, used = mining()) =>
    findingsOn({ metrics: metricsOf(used), clusters: clustersOf([pod]) });
  const quiet: Array<[string, KubeObject]> = [
    ['a batch job', podOf({ owner: { kind: 'Job', name: 'cart' } })],
    ['training', podOf({ ...OWNED, container: { resources: { limits: { 'nvidia.com/gpu': '1' } } } })],
    ['a build', podOf({ ...OWNED, labels: { 'tekton.dev/taskRun': 'build-7' } })],
    ['a load test', podOf({ ...OWNED, container: { image: 'locustio/locust:2.31' } })],
  ];
  for (const [what, pod] of quiet) {
    it(what, async () => {
      const one = only(await busy(pod));
      assert.equal(claimed(one), 'low 0.2');
      assert.match(because(one), /flat at 90 % or more for an hour/);
    });
  }

  it('replicas that rise together', async () => {
    const use = flat(0.98, { from: NOW - 63 * 60_000, before: 0.3 });
    const one = only(
      await busy(
        podOf(OWNED),
        mining().map((used) => ({ ...used, use })),
      ),
    );
    assert.equal(claimed(one), 'low 0.2');
    assert.match(because(one), /2 of its 2 other replicas became as busy at the same time/);
  });

  it('a workload that is as busy at this hour every day', async () => {
    const use = (at: number): number => ((NOW - at) % (24 * HOUR_MS) < 2 * HOUR_MS ? flat(0.98)(at) : 0.1);
    const one = only(await busy(podOf(OWNED), [{ pod: 'cart-0', controller: 'cart', limit: 1, use }]));
    assert.equal(claimed(one), 'low 0.2');
    assert.match(because(one), /as flat at this hour yesterday, and idle in between/);
  });

  // An attacker can choose names. A name may only lower the weight of CPU use, and nothing else.
  it('not a miner that is called a batch job, which keeps the weight of its own rule', async () => {
    const pod = podOf({
      owner: { kind: 'Job', name: 'cart' },
      container: { args: ['-o', 'stratum+tcp://pool.example.com:3333'] },
    });
    const found = await busy(pod);
    assert.deepEqual(
      found.map((one) => [one.rule, claimed(one), one.conclusive ?? false]),
      [
        ['busy-miner', 'critical 0.97', true],
        ['sustained-high-cpu', 'low 0.2', false],
      ],
    );
  });
});

describe('an alert on a node', () => {
  const ON_NODE: Monitored = { kind: 'node', node: 'n1' };
  const ON_VM: Monitored = { kind: 'instance', instance: '42', zone: 'europe-west1-b', name: 'n1' };
  const node = { use: flat(0.95), processors: 4 };
  const all: Used[] = [
    { pod: 'cart-0', controller: 'cart', node: 'n1', limit: 3.5, use: flat(0.98) },
    { pod: 'web-0', controller: 'web', node: 'n1', limit: 1, use: (at) => 0.3 + 0.2 * Math.sin(at / 200_000) },
  ];

  for (const [what, on] of [
    ['the node', ON_NODE],
    ['its VM', ON_VM],
  ] as const) {
    it(`names the pod that causes the use, for ${what}`, async () => {
      const metrics = metricsOf(all, { n1: node, 42: node });
      const one = only(await findingsOn({ metrics, clusters: clustersOf([podOf(OWNED)]) }, on));
      assert.deepEqual(one.target, { ...CLUSTER, namespace: 'shop', pod: 'cart-0' });
      assert.match(because(one), /the alert is on node n1, and this pod accounts for 9\d % of its use/);
      assert.equal(claimed(one), 'medium 0.5');
    });
  }

  it('names the node if no pod explains the use, and says if something runs beside the pods', async () => {
    const metrics = metricsOf(all.slice(1), { n1: node });
    const one = only(await findingsOn({ metrics, clusters }, ON_NODE));
    assert.deepEqual(one.target, { ...CLUSTER, node: 'n1' });
    assert.equal(claimed(one), 'medium 0.6');
    assert.match(because(one), /pods account for only \d+ % of it: something runs outside of pods/);
    assert.match(because(one), /its busiest pod is "shop\/web-0"/);
  });

  it("names a pod with a miner's command line even if Cloud Monitoring cannot be read", async () => {
    const pods = clustersOf([podOf(OWNED), podOf({ name: 'web-0', container: { image: 'metal3d/xmrig:latest' } })]);
    const metrics = { series: async () => Promise.reject(new Denied('no right')) };
    const found = await findingsOn({ metrics, clusters: pods }, ON_NODE);
    assert.deepEqual(
      found.map(({ rule, target, ...one }) => [rule, target.pod, claimed({ rule, target, ...one })]),
      [
        ['busy-miner', 'web-0', 'critical 0.8'],
        ['sustained-high-cpu', 'web-0', 'low 0.2'],
        ['sustained-high-cpu', undefined, 'low 0.2'],
      ],
    );
  });

  it('names the pod even if the pods of the node cannot be read', async () => {
    const denied = { reader: () => assert.fail(new Denied('this cluster is not served')) };
    const metrics = metricsOf(all, { n1: node });
    const one = only(await findingsOn({ metrics, clusters: denied }, ON_NODE));
    assert.equal(one.target.pod, 'cart-0');
  });
});

describe('a failed look around an alert', () => {
  const failing = (thrown: Error) => ({ series: async () => Promise.reject(thrown) });

  for (const thrown of [new Denied('answered 403'), new Transient('answered 503')]) {
    it(`lowers the confidence, and says so: ${thrown.name}`, async () => {
      const one = only(await findingsOn({ metrics: failing(thrown), clusters }, ON_POD, 'strong-plateau-hour'));
      assert.equal(claimed(one), 'low 0.35');
      assert.match(because(one), new RegExp(`counts for little: Cloud Monitoring: ${thrown.message}`));
    });
  }

  it('of the pod alone leaves the series its weight, and says so', async () => {
    const refusing = { reader: () => assert.fail(new Denied('pods is forbidden')) };
    const one = only(await findingsOn({ metrics: metricsOf(mining()), clusters: refusing }));
    assert.equal(claimed(one), 'medium 0.5');
    assert.match(because(one), /its pod could not be read: pods is forbidden/);
  });

  it('includes a pod of the same name that was made after the alert', async () => {
    const later = podOf({ ...OWNED, container: { args: ['--donate-level', '1'] } });
    later.metadata.creationTimestamp = '2026-03-02T10:15:30Z';
    const found = await findingsOn({ metrics: metricsOf(mining()), clusters: clustersOf([later]) });
    assert.match(because(only(found)), /the pod with this name was created after the alert/);
  });

  it('leaves the shape that the policy claims if the function has neither metrics nor clusters', async () => {
    assert.equal(claimed(only(await findingsOn({}, ON_POD, 'strong-plateau-hour'))), 'medium 0.5');
  });

  it('is thrown if it is a bug of our own', async () => {
    await assert.rejects(findingsOn({ metrics: failing(new TypeError('a bug')), clusters }), /a bug/);
  });
});
