import { contextOfPod } from './cpu-pod.ts';
import { answered, type CpuSeries, cpuSeriesOf } from './cpu-series.ts';
import { type Attribution, attribute, type Share } from './detection/cpu-node.ts';
import { hasSigns, minerSignsOf, NO_SIGNS } from './detection/miner-signs.ts';
import { isFlat, shapeOf } from './detection/plateau.ts';
import { isLabelName, isSubdomain } from './kubernetes/names.ts';
import type { KubeObject } from './kubernetes/object.ts';
import type { CpuContext, CpuOpened } from './model/cpu-signal.ts';
import type { Series } from './model/series.ts';
import { type ClusterRef, clusterOf } from './model/target.ts';
import { CLOCK_TOLERANCE_MS, msOf } from './model/time.ts';
import type { Clusters, MetricsReader } from './ports.ts';
import { quote } from './text.ts';

/** The ports for looking around an incident. They only read, and each may be missing. */
export type LookPorts = { metrics?: MetricsReader; clusters?: Pick<Clusters, 'reader'> };

const HOUR_MS = 3_600_000;
const MOST_WITH_SIGNS = 5;

type Work = { series: CpuSeries | undefined; clusters: LookPorts['clusters']; signal: CpuOpened; until: number };

/**
 * Adds to a signal what Cloud Monitoring and the cluster show around it. Where a few pods of a node cause an alert on
 * the node, signals for these pods replace it. What cannot be read is named in the signal and lowers its weight: no
 * outage and no missing right loses an alert.
 */
export const lookAround = async (
  { metrics, clusters }: LookPorts,
  signal: CpuOpened,
  now: number,
): Promise<CpuOpened[]> => {
  if (metrics === undefined && clusters === undefined) return [signal];
  const { target, at } = signal;
  const series = metrics === undefined ? undefined : cpuSeriesOf(metrics);
  const work: Work = { series, clusters, signal, until: Math.min(now, msOf(at) + HOUR_MS) };
  const cluster = clusterOf(target);
  const { namespace, pod, node, instance } = target;
  if (cluster !== undefined && namespace !== undefined && pod !== undefined) {
    const { object, notes } = await readPod(work, cluster, namespace, pod);
    const context = await contextOfPod(series, {
      cluster,
      namespace,
      pod,
      object,
      controller: signal.controller,
      accelerator: /accelerator/.test(signal.metric),
      until: work.until,
    });
    return [withContext(signal, { ...context, notes: [...notes, ...context.notes] })];
  }
  if (node !== undefined || instance !== undefined) return lookAtHost(work, cluster);
  return [
    withContext(signal, { ...NOTHING, series: { unread: 'the Monitoring incident does not name its resource' } }),
  ];
};

const NOTHING: Omit<CpuContext, 'series'> = { honest: [], telling: [], signs: NO_SIGNS, notes: [] };

const withContext = (signal: CpuOpened, context: CpuContext): CpuOpened => ({ ...signal, context });

/** Reads the pod that had this name when the alert opened. */
const readPod = async (
  { clusters, signal }: Work,
  cluster: ClusterRef,
  namespace: string,
  name: string,
): Promise<{ object?: KubeObject; notes: string[] }> => {
  if (clusters === undefined) return { notes: [] };
  const read = await answered('its pod could not be read', () =>
    clusters.reader(cluster).get({ apiVersion: 'v1', kind: 'Pod', namespace, name }),
  );
  if ('unread' in read) return { notes: [read.unread] };
  if (read.value === undefined) return { notes: ['its pod no longer exists'] };
  return isOfThen(read.value, signal)
    ? { object: read.value, notes: [] }
    : { notes: ['the pod with this name was created after the alert: it is another pod, and was not examined'] };
};

/** Whether a pod existed when the alert opened: a name in the alert means the pod that had it then. */
const isOfThen = ({ metadata }: KubeObject, { at }: CpuOpened): boolean =>
  Date.parse(metadata.creationTimestamp) <= msOf(at) + CLOCK_TOLERANCE_MS;

type Host = { node: string | undefined; pods: readonly KubeObject[]; attribution: Attribution; context: CpuContext };

/**
 * The signals for an alert on a node or its VM: one for each pod that causes the alert, or that looks like a miner; one
 * for the node itself where no pod causes it.
 */
const lookAtHost = async (work: Work, cluster: ClusterRef | undefined): Promise<CpuOpened[]> => {
  const { signal, series, until } = work;
  const host = await readHost(work, cluster);
  if (cluster === undefined) return [withContext(signal, host.context)];
  const shares = host.attribution.to.filter(({ namespace, pod }) => isLabelName(namespace) && isSubdomain(pod));
  const named = ({ namespace, pod }: Share, { metadata }: KubeObject): boolean =>
    metadata.name === pod && metadata.namespace === namespace;
  const owed = shares.map((share) => ({ ...share, object: host.pods.find((pod) => named(share, pod)) }));
  const signed = host.pods
    .filter((pod) => hasSigns(minerSignsOf(pod)) && !shares.some((share) => named(share, pod)))
    .slice(0, MOST_WITH_SIGNS);
  const onPod = async (namespace: string, pod: string, object: KubeObject | undefined, note: string) => {
    const context = await contextOfPod(series, { cluster, namespace, pod, object, until });
    const { controller: _, ...rest } = signal;
    const target = { ...cluster, namespace, pod };
    return withContext({ ...rest, target }, { ...context, notes: [note, ...context.notes] });
  };
  const here = `the alert is on ${host.node === undefined ? 'its VM' : `node ${host.node}`}`;
  const found = await Promise.all([
    ...owed.map(({ namespace, pod, object, share }) =>
      onPod(namespace, pod, object, `${here}, and this pod accounts for ${percent(share)} of its use`),
    ),
    ...signed.map((object) => {
      const { name, namespace = 'default' } = object.metadata;
      return onPod(namespace, name, object, `${here}, on which this pod runs`);
    }),
  ]);
  return owed.length > 0 ? found : [...found, withContext(signal, host.context)];
};

const percent = (share: number): string => `${Math.round(100 * share)} %`;

const NO_ATTRIBUTION: Attribution = { to: [] };

const readHost = async (work: Work, cluster: ClusterRef | undefined): Promise<Host> => {
  const { series, clusters, signal, until } = work;
  const { project, instance } = signal.target;
  const node = signal.target.node ?? signal.hostName;
  const none: Host = {
    node,
    pods: [],
    attribution: NO_ATTRIBUTION,
    context: { ...NOTHING, series: { unread: 'this function has no access to Cloud Monitoring' } },
  };
  const pods =
    cluster === undefined || node === undefined || clusters === undefined
      ? { value: [] }
      : await answered('the pods on it could not be read', () =>
          clusters.reader(cluster).list({ apiVersion: 'v1', kind: 'Pod', fields: { 'spec.nodeName': node } }),
        );
  const of = 'unread' in pods ? [] : pods.value.filter((pod) => isOfThen(pod, signal));
  const notes = 'unread' in pods ? [pods.unread] : [];
  if (series === undefined) return { ...none, pods: of, context: { ...none.context, notes } };
  const read = await answered('Cloud Monitoring', async () => {
    const known = cluster === undefined || node === undefined ? undefined : { cluster, node };
    const [ofNode, ofVm, containers] = await Promise.all([
      known === undefined ? { used: [] } : series.ofNode(known.cluster, known.node, until),
      instance === undefined ? [] : series.ofVm(project, instance, until),
      known === undefined ? ([] satisfies Series[]) : series.ofPods(known.cluster, { node: known.node }, until, 'used'),
    ]);
    return { ...ofNode, ofVm, containers };
  });
  if ('unread' in read) return { ...none, pods: of, context: { ...NOTHING, series: read, notes } };
  const { used, ofVm, containers, capacity } = { capacity: undefined, ...read.value };
  const looked = shapeOf(instance === undefined || ofVm.length === 0 ? used : ofVm, until);
  const attribution = attribute({ containers, used, capacity, until });
  const flat = 'course' in looked && isFlat(looked.shape);
  const { busiest, inPods } = attribution;
  const outside = flat && inPods !== undefined && inPods < 0.5 && containers.length > 0;
  return {
    node,
    pods: of,
    attribution,
    context: {
      ...NOTHING,
      series: looked,
      telling: outside
        ? [
            {
              what: 'outside-pods',
              says: `pods account for only ${percent(inPods)} of it: something runs outside of pods`,
            },
          ]
        : [],
      notes: [
        ...notes,
        ...(busiest === undefined || attribution.to.length > 0
          ? []
          : [
              `its busiest pod is ${quote(`${busiest.namespace}/${busiest.pod}`, 320)}, with ${percent(busiest.share)} of the use`,
            ]),
      ],
    },
  };
};
