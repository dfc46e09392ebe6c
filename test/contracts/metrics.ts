import { strict as assert } from 'node:assert';
import { evenly } from '../../local/world/monitoring/use.ts';
import { SHOP, SHOP_NODES } from '../../local/world/seed.ts';
import type { World } from '../../local/world/world.ts';
import { Denied } from '../../shared/errors.ts';
import type { Series, SeriesQuery } from '../../shared/model/series.ts';
import type { MetricsReader } from '../../shared/ports.ts';

/** A simulated Cloud Monitoring over a seeded shop, and readers for any identity. */
export type MetricsHarness = {
  world: World;
  now: number;
  as(identity: string): MetricsReader;
  stop(): Promise<void>;
};

const MINUTE_MS = 60_000;
const [NODE] = SHOP_NODES['europe-west1-b'];
const DETECTOR = 'firebreak-detect-cryptomining';

/** The contract of a MetricsReader, whichever way Cloud Monitoring is reached. */
export const metricsContract = (title: string, start: () => Promise<MetricsHarness>): void => {
  describe(title, () => {
    let given: MetricsHarness;
    beforeEach(async () => {
      given = await start();
    });
    afterEach(() => given.stop());

    const query = (over: Partial<SeriesQuery> = {}): SeriesQuery => ({
      project: SHOP.project,
      metric: 'kubernetes.io/container/cpu/limit_utilization',
      resource: 'k8s_container',
      labels: { location: SHOP.location, cluster_name: SHOP.cluster, namespace_name: 'shop' },
      system: { top_level_controller_name: 'cart' },
      from: given.now - 60 * MINUTE_MS,
      until: given.now,
      stepMs: MINUTE_MS,
      as: 'mean',
      ...over,
    });
    const read = (over: Partial<SeriesQuery> = {}, identity = DETECTOR): Promise<Series[]> =>
      given.as(identity).series(query(over));
    const one = async (over: Partial<SeriesQuery> = {}): Promise<Series> => {
      const [first, ...others] = await read(over);
      assert.ok(first !== undefined && others.length === 0);
      return first;
    };
    const cart = async (): Promise<string> => (await read())[0]?.labels.pod_name ?? assert.fail();

    it('gives a series for each container, with the labels of its resource', async () => {
      const all = await read();
      assert.equal(all.length, 3);
      for (const { labels } of all) {
        const { pod_name, ...rest } = labels;
        assert.match(pod_name ?? '', /^cart-/);
        assert.deepEqual(rest, {
          project_id: 'p1',
          location: 'europe-west1',
          cluster_name: 'c1',
          namespace_name: 'shop',
          container_name: 'cart',
        });
      }
    });

    it('gives a sample a minute, oldest first, within what was asked for', async () => {
      const { samples } = await one({ labels: { ...query().labels, pod_name: await cart() } });
      assert.ok(samples.length >= 59 && samples.length <= 61, String(samples.length));
      for (const [n, { at, value }] of samples.entries()) {
        assert.ok(at > query().from - MINUTE_MS && at <= given.now);
        assert.ok(value >= 0 && value <= 1);
        if (n > 0) assert.equal(at - (samples[n - 1]?.at ?? 0), MINUTE_MS);
      }
    });

    it('gives what a container uses: a share of its limit, and in processors', async () => {
      const pod = await cart();
      const use = evenly('x', { level: 1.5, from: 0, before: () => 0 });
      given.world.monitoring.use(SHOP, { namespace: 'shop', pod, container: 'cart' }, use);
      const labels = { ...query().labels, pod_name: pod };
      for (const { value } of (await one({ labels })).samples) assert.ok(Math.abs(value - 0.5) < 0.01, String(value));
      const cores = await one({ labels, metric: 'kubernetes.io/container/cpu/core_usage_time', as: 'rate' });
      for (const { value } of cores.samples) assert.ok(Math.abs(value - 1.5) < 0.02, String(value));
    });

    it('gives the containers of a node, the node, and its VM', async () => {
      const place = { location: SHOP.location, cluster_name: SHOP.cluster };
      const metric = 'kubernetes.io/container/cpu/core_usage_time';
      const containers = await read({ labels: place, system: { node_name: NODE }, metric, as: 'rate' });
      const pods = given.world.clusters.get('p1/europe-west1/c1')?.list('v1', 'Pod') ?? [];
      const here = pods.filter(({ spec }) => spec?.nodeName === NODE).map(({ metadata }) => metadata.name);
      assert.deepEqual(containers.map(({ labels }) => labels.pod_name).sort(), here.sort());
      const node = { resource: 'k8s_node', labels: { ...place, node_name: NODE }, system: {} };
      const used = await one({ ...node, metric: 'kubernetes.io/node/cpu/allocatable_utilization' });
      const cores = await one({ ...node, metric: 'kubernetes.io/node/cpu/allocatable_cores' });
      const sum = containers.reduce((total, { samples }) => total + (samples.at(-1)?.value ?? 0), 0);
      assert.ok(Math.abs((used.samples.at(-1)?.value ?? 0) * (cores.samples.at(-1)?.value ?? 0) - sum) < 1e-6);
      const id = [...given.world.compute.state.instances.values()].find(({ name }) => name === NODE)?.id ?? '';
      const vm = { resource: 'gce_instance', labels: { instance_id: id }, system: {} };
      assert.ok((await one({ ...vm, metric: 'compute.googleapis.com/instance/cpu/utilization' })).samples.length > 0);
    });

    it('gives hourly means of days in as many pages as it takes', async () => {
      const from = given.now - 8 * 24 * 60 * MINUTE_MS;
      const all = await read({ from, stepMs: 60 * MINUTE_MS });
      assert.deepEqual(
        all.map(({ samples }) => samples.length),
        [192, 192, 192],
      );
    });

    it('has no series of what is not there: another cluster, another project, a metric that nobody wrote', async () => {
      assert.deepEqual(await read({ labels: { ...query().labels, cluster_name: 'c2' } }), []);
      assert.deepEqual(await read({ project: 'p2' }), []);
      assert.deepEqual(await read({ metric: 'kubernetes.io/container/cpu/none' }), []);
    });

    // Whatever a label contains, it stays a text inside its quotation marks.
    it('asks for no more than was meant, whatever a name holds', async () => {
      const pod_name = 'x" OR resource.labels.pod_name = starts_with("")';
      assert.deepEqual(await read({ labels: { ...query().labels, pod_name } }), []);
      assert.deepEqual(await read({ labels: { ...query().labels, pod_name: 'a\\' } }), []);
    });

    it('refuses whoever has no right to read', async () => {
      await assert.rejects(read({}, 'firebreak-notify'), Denied);
    });
  });
};
