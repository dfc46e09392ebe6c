import { hash } from 'node:crypto';
import { type Context, isActive, isReady, suffixOf } from '../context.ts';
import { type Fields, fieldsAt, listAt, type Obj } from '../objects.ts';
import { markDeleted } from '../removal.ts';
import { nodeMatches } from '../selectors.ts';
import { claimPods, makePod, observe } from './pods.ts';
import { tolerates } from './taints.ts';

const ACTOR = 'daemonset-controller';
const REVISION = 'controller-revision-hash';

/** Tolerations of every daemon pod. Because of them, draining a node does not remove daemon pods. */
const TOLERATIONS: Fields[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
];

const onlyOn = (node: Obj): Fields => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node.metadata.name] }] }],
    },
  },
});

const nodeOf = (pod: Obj): unknown => {
  const [term] = listAt(
    pod.spec,
    'affinity',
    'nodeAffinity',
    'requiredDuringSchedulingIgnoredDuringExecution',
    'nodeSelectorTerms',
  );
  const [field] = listAt(term, 'matchFields');
  return pod.spec?.nodeName ?? (Array.isArray(field?.values) ? field.values[0] : undefined);
};

/** Keeps one pod of every DaemonSet on every node that it fits on, cordoned or not. */
export const syncDaemonSets = (context: Context): void => {
  const nodes = context.store.all(context.kind('Node'));
  for (const set of context.store.all(context.kind('DaemonSet'))) {
    const pods = claimPods(context, ACTOR, set);
    if (set.metadata.deletionTimestamp !== undefined) continue;
    const template = fieldsAt(set.spec, 'template');
    const revision = suffixOf(hash('sha256', JSON.stringify(template)), 10);
    const tolerations = [...listAt(template, 'spec', 'tolerations'), ...TOLERATIONS];
    const fitting = nodes.filter(
      (node) =>
        nodeMatches(template.spec, node) &&
        listAt(node.spec, 'taints').every((t) => t.effect === 'PreferNoSchedule' || tolerates(tolerations, t)),
    );
    for (const pod of pods) {
      const fits =
        fitting.some((node) => node.metadata.name === nodeOf(pod)) && pod.metadata.labels?.[REVISION] === revision;
      if (!(fits && isActive(pod)) && pod.metadata.deletionTimestamp === undefined) markDeleted(context, ACTOR, pod);
    }
    for (const node of fitting) {
      if (pods.some((pod) => nodeOf(pod) === node.metadata.name)) continue;
      const spec = { affinity: onlyOn(node), tolerations };
      makePod(context, ACTOR, set, template, { labels: { [REVISION]: revision }, spec });
    }
    const active = pods.filter(isActive);
    observe(context, ACTOR, set, {
      desiredNumberScheduled: fitting.length,
      currentNumberScheduled: active.length,
      numberReady: active.filter(isReady).length,
    });
  }
};
