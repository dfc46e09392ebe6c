import { answered, type CpuSeries, type Pods, type UseKind } from './cpu-series.ts';
import { controllerOf, honestUseOf } from './detection/cpu-purpose.ts';
import { BACK, compared, habitOf } from './detection/cpu-replicas.ts';
import { minerSignsOf, NO_SIGNS } from './detection/miner-signs.ts';
import { meanOf, shapeOf } from './detection/plateau.ts';
import { text } from './kubernetes/loose.ts';
import { isSubdomain } from './kubernetes/names.ts';
import type { KubeObject } from './kubernetes/object.ts';
import type { CpuContext, Looked } from './model/cpu-signal.ts';
import type { Sample, Series } from './model/series.ts';
import type { ClusterRef } from './model/target.ts';

/** A pod whose CPU use is in question. `object` is missing where it could not be read. */
export type PodInQuestion = {
  cluster: ClusterRef;
  namespace: string;
  pod: string;
  object?: KubeObject | undefined;
  controller?: { kind: string; name: string } | undefined;
  /** The alert is on the use of an accelerator. */
  accelerator?: boolean;
  until: number;
};

/** The series of a pod's busiest container, and those of the same container in the other pods of its workload. */
type Found = { own: Series; others: Series[]; kind: UseKind; capacity: number };

/** What Cloud Monitoring shows around a pod's CPU use, and what the pod object shows of the pod's purpose. */
export const contextOfPod = async (series: CpuSeries | undefined, given: PodInQuestion): Promise<CpuContext> => {
  const { namespace, object } = given;
  const controller = given.controller ?? (object === undefined ? undefined : controllerOf(object));
  const of = {
    ...given,
    controller: controller !== undefined && isSubdomain(controller.name) ? controller : undefined,
  };
  const honest = honestUseOf({ namespace, controller, pod: object });
  const signs = object === undefined ? NO_SIGNS : minerSignsOf(object);
  const bare = { honest, telling: [], signs, notes: [] };
  if (series === undefined) return { ...bare, series: { unread: 'this function has no access to Cloud Monitoring' } };
  const found = await answered('Cloud Monitoring', () => readPod(series, of));
  if ('unread' in found) return { ...bare, series: found };
  if (typeof found.value === 'string') return { ...bare, series: { unread: found.value } };
  const { value } = found;
  const { own, capacity } = value;
  const samples = scaled(own.samples, capacity);
  const looked = shapeOf(samples, of.until);
  if (!('course' in looked) || looked.shape === 'threshold') return { ...bare, series: looked };
  const around = await answered('the days before', () => aroundOf(series, of, value, looked));
  const { honest: also, telling } = 'unread' in around ? { honest: [], telling: [] } : around.value;
  return {
    series: looked,
    honest: [...honest, ...also],
    telling,
    signs,
    notes: 'unread' in around ? [`it is not known whether it is new, or regularly busy: ${around.unread}`] : [],
  };
};

type Asked = PodInQuestion;

const groupOf = ({ namespace, pod, controller }: Asked): Pods =>
  controller === undefined ? { namespace, pod } : { namespace, controller: controller.name };

/**
 * The busiest container of the pod, by use of its limit; without a limit, by use of its node's processors. A string
 * says why there is none.
 */
const readPod = async (series: CpuSeries, of: Asked): Promise<Found | string> => {
  const { cluster, namespace, pod, until } = of;
  const busiestBy = async (kind: UseKind): Promise<Pick<Found, 'own' | 'others'> | undefined> => {
    const found = busiest(await series.ofPods(cluster, groupOf(of), until, kind), pod);
    // Cloud Monitoring may know the controller by another name, but not the pod.
    return found !== undefined || of.controller === undefined
      ? found
      : busiest(await series.ofPods(cluster, { namespace, pod }, until, kind), pod);
  };
  const first = of.accelerator === true ? 'accelerator' : 'limit';
  const known = await busiestBy(first);
  if (known !== undefined) return { ...known, kind: first, capacity: of.accelerator === true ? 100 : 1 };
  const used = of.accelerator === true ? undefined : await busiestBy('used');
  if (used === undefined) return 'Cloud Monitoring has no samples';
  const node = text(of.object?.spec?.nodeName);
  if (node === undefined || !isSubdomain(node)) return 'it has no CPU limit, and its node could not be read';
  const { capacity } = await series.ofNode(cluster, node, until);
  return capacity === undefined || capacity <= 0
    ? 'it has no CPU limit, and the number of processors of its node is not known'
    : { ...used, kind: 'used', capacity };
};

const busiest = (group: readonly Series[], pod: string): Pick<Found, 'own' | 'others'> | undefined => {
  const use = ({ samples }: Series): number => meanOf(samples.slice(-15).map(({ value }) => value));
  const [own] = group
    .filter(({ labels, samples }) => labels.pod_name === pod && samples.length > 0)
    .toSorted((a, b) => use(b) - use(a));
  if (own === undefined) return undefined;
  const container = own.labels.container_name;
  return { own, others: group.filter(({ labels }) => labels.pod_name !== pod && labels.container_name === container) };
};

const scaled = (samples: readonly Sample[], capacity: number): Sample[] =>
  samples.map(({ at, value }) => ({ at, value: value / capacity }));

/** What the replicas of a pod with flat use, and its previous days, show about it. */
const aroundOf = async (
  series: CpuSeries,
  of: Asked,
  { own, others, kind, capacity }: Found,
  { course }: Extract<Looked, { course: unknown }>,
): Promise<Pick<CpuContext, 'honest' | 'telling'>> => {
  const { cluster, until } = of;
  const group = groupOf(of);
  const scaledOf = (one: Series): Series => ({ ...one, samples: scaled(one.samples, capacity) });
  const same = (all: readonly Series[]): Series[] =>
    all.filter(({ labels }) => labels.container_name === own.labels.container_name).map(scaledOf);
  const [hourly, ...sameHour] = await Promise.all([
    series.hourly(cluster, group, until, kind),
    ...BACK.map(({ ms }) => series.ofPods(cluster, group, until - ms, kind)),
  ]);
  const hours = same(hourly);
  const replicas = compared({ own: scaledOf(own), others: others.map(scaledOf), hours, until });
  const past = habitOf({ hours, sameHour: sameHour.map(same) }, course.mean, until);
  return { honest: [...replicas.honest, ...past.honest], telling: [...replicas.telling, ...past.telling] };
};
