import { hash } from 'node:crypto';
import { type Context, suffixOf } from '../context.ts';
import { controlledBy, type Fields, fieldsAt, numberAt, type Obj, same, textsAt } from '../objects.ts';
import { observe } from './pods.ts';
import { setsOf } from './replicaset.ts';

const ACTOR = 'deployment-controller';
const HASH = 'pod-template-hash';

const hashOf = (template: unknown): string => suffixOf(hash('sha256', JSON.stringify(template ?? {})), 10);

const plainTemplate = (set: Obj): Fields => {
  const template = structuredClone(fieldsAt(set.spec, 'template'));
  const { [HASH]: _hash, ...labels } = textsAt(template, 'metadata', 'labels');
  return { ...template, metadata: { ...fieldsAt(template, 'metadata'), labels } };
};

const makeSet = (context: Context, deployment: Obj, replicas: number): void => {
  const template = fieldsAt(deployment.spec, 'template');
  const suffix = hashOf(template);
  const name = `${deployment.metadata.name}-${suffix}`;
  const kind = context.kind('ReplicaSet');
  if (context.store.get(kind, deployment.metadata.namespace, name) !== undefined) return;
  const labels = { ...textsAt(template, 'metadata', 'labels'), [HASH]: suffix };
  const selector = fieldsAt(deployment.spec, 'selector');
  context.store.insert(ACTOR, kind, {
    metadata: {
      name,
      namespace: deployment.metadata.namespace,
      labels,
      ownerReferences: [controlledBy(deployment)],
    },
    spec: {
      replicas,
      selector: { ...selector, matchLabels: { ...textsAt(selector, 'matchLabels'), [HASH]: suffix } },
      template: { ...template, metadata: { ...fieldsAt(template, 'metadata'), labels } },
    },
    status: {},
  });
};

const scale = (context: Context, set: Obj, replicas: number): void => {
  context.store.update(ACTOR, 'scale', set, (draft) => {
    draft.spec = { ...draft.spec, replicas };
  });
};

/** Keeps one ReplicaSet of the current template at the wanted size, and scales earlier ones to zero. */
export const syncDeployments = (context: Context): void => {
  for (const deployment of context.store.all(context.kind('Deployment'))) {
    if (deployment.metadata.deletionTimestamp !== undefined) continue;
    const replicas = numberAt(deployment.spec, 'replicas') ?? 1;
    const sets = setsOf(context, deployment);
    const current = sets.find((set) => same(plainTemplate(set), fieldsAt(deployment.spec, 'template')));
    const paused = deployment.spec?.paused === true;
    if (current === undefined && !paused) makeSet(context, deployment, replicas);
    if (current !== undefined) {
      scale(context, current, replicas);
      if (!paused) for (const set of sets) if (set !== current) scale(context, set, 0);
    }
    const total = (field: string): number =>
      setsOf(context, deployment).reduce((sum, set) => sum + (numberAt(set.status, field) ?? 0), 0);
    const [all, ready] = [total('replicas'), total('readyReplicas')];
    observe(context, ACTOR, deployment, {
      replicas: all,
      readyReplicas: ready,
      availableReplicas: ready,
      updatedReplicas: all,
    });
  }
};
