import { type Context, isReady } from './context.ts';
import { at, type Fields, fieldsAt, isFields, numberAt, type Obj, stampOf, textAt } from './objects.ts';
import { find } from './read.ts';
import { type About, badRequest, conflict, failure, invalid } from './refusal.ts';
import type { Address } from './requests.ts';
import { matchesSelector } from './selectors.ts';
import { labelsOf } from './store.ts';
import { listedFinalizers } from './write.ts';

/** Marks an object for deletion, and adds a finalizer that the garbage collector removes once it has done its part. */
export const holdFinalizer = (context: Context, actor: string, object: Obj, finalizer: string): Obj =>
  context.store.update(actor, 'delete', object, (draft) => {
    draft.metadata.deletionTimestamp ??= stampOf(context.now());
    draft.metadata.deletionGracePeriodSeconds = 0;
    draft.metadata.finalizers = [...new Set([...listedFinalizers(draft), finalizer])];
  });

/** Marks an object for deletion, or removes it at once if nothing holds it. Every deletion ends here. */
export const markDeleted = (context: Context, actor: string, object: Obj, graceSeconds?: number): void => {
  const grace = graceSeconds ?? numberAt(object.spec, 'terminationGracePeriodSeconds') ?? 30;
  const graceful =
    object.kind === 'Pod' &&
    grace > 0 &&
    textAt(object.spec, 'nodeName') !== undefined &&
    object.status?.phase !== 'Succeeded' &&
    object.status?.phase !== 'Failed';
  const waits = graceful || object.kind === 'Namespace' || listedFinalizers(object).length > 0;
  if (!waits) {
    context.store.remove(actor, object);
    return;
  }
  context.store.update(actor, 'delete', object, (draft) => {
    const seconds = graceful ? grace : 0;
    const known = numberAt(draft.metadata, 'deletionGracePeriodSeconds');
    if (draft.metadata.deletionTimestamp !== undefined && (known ?? 0) <= seconds) return;
    draft.metadata.deletionTimestamp = stampOf(context.now() + 1000 * seconds);
    draft.metadata.deletionGracePeriodSeconds = seconds;
    if (draft.kind === 'Namespace') draft.status = { ...draft.status, phase: 'Terminating' };
  });
};

const holdsPreconditions = (object: Obj, options: Fields): void => {
  const [group = ''] = object.apiVersion.includes('/') ? object.apiVersion.split('/') : [];
  const about: About = { group, plural: object.kind, name: object.metadata.name };
  const uid = textAt(options, 'preconditions', 'uid');
  const version = textAt(options, 'preconditions', 'resourceVersion');
  if (uid !== undefined && uid !== object.metadata.uid) {
    const why = `the UID in the precondition (${uid}) does not match the UID in record (${object.metadata.uid}). The object might have been deleted and then recreated`;
    throw conflict(about, why);
  }
  if (version !== undefined && version !== object.metadata.resourceVersion) {
    const why = `the ResourceVersion in the precondition (${version}) does not match the ResourceVersion in record (${object.metadata.resourceVersion}). The object might have been modified`;
    throw conflict(about, why);
  }
};

const optionsOf = (body: unknown, query: Record<string, string>): Fields => ({
  ...(query.gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds: Number(query.gracePeriodSeconds) }),
  ...(query.propagationPolicy === undefined ? {} : { propagationPolicy: query.propagationPolicy }),
  ...(isFields(body) ? body : {}),
});

/** Deletes an object. Answers with the object if it exists a while longer, else with a Status. */
export const remove = (
  context: Context,
  actor: string,
  address: Address,
  body: unknown,
  query: Record<string, string>,
): Fields => {
  const object = find(context, address);
  const options = optionsOf(body, query);
  holdsPreconditions(object, options);
  const policy = textAt(options, 'propagationPolicy');
  if (policy !== undefined && !['Foreground', 'Background', 'Orphan'].includes(policy)) {
    const message = `Unsupported value: "${policy}": supported values: "Foreground", "Background", "Orphan", "nil"`;
    const about = { group: 'meta.k8s.io', plural: 'DeleteOptions', name: '' };
    throw invalid('DeleteOptions', about, [{ reason: 'FieldValueNotSupported', field: 'propagationPolicy', message }]);
  }
  if (policy === 'Orphan') holdFinalizer(context, actor, object, 'orphan');
  else if (policy === 'Foreground') holdFinalizer(context, actor, object, 'foregroundDeletion');
  else markDeleted(context, actor, object, numberAt(options, 'gracePeriodSeconds'));
  const left = context.store.byUid(object.metadata.uid);
  if (left !== undefined) return left;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name: object.metadata.name,
      ...(address.kind.group === '' ? {} : { group: address.kind.group }),
      kind: address.kind.plural,
      uid: object.metadata.uid,
    },
  };
};

const spendBudget = (context: Context, pod: Obj): void => {
  const budgets = context.store
    .all(context.kind('PodDisruptionBudget'))
    .filter((b) => b.metadata.namespace === pod.metadata.namespace && matchesSelector(b.spec?.selector, labelsOf(pod)));
  const [budget] = budgets;
  if (budget === undefined) return;
  if (budgets.length > 1) {
    throw failure(
      500,
      'InternalError',
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  }
  const healthy = numberAt(budget.status, 'currentHealthy') ?? 0;
  const desired = numberAt(budget.status, 'desiredHealthy') ?? 0;
  const always = textAt(budget.spec, 'unhealthyPodEvictionPolicy') === 'AlwaysAllow';
  if (!isReady(pod) && (always || (healthy >= desired && desired > 0))) return;
  if ((numberAt(budget.status, 'disruptionsAllowed') ?? 0) <= 0) {
    const message = `The disruption budget ${budget.metadata.name} needs ${desired} healthy pods and has ${healthy} currently`;
    throw failure(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
      causes: [{ reason: 'DisruptionBudget', message }],
    });
  }
};

/** Evicts a pod: 429 if its budget allows no disruption, 500 if several budgets select it. */
export const evict = (context: Context, actor: string, address: Address, body: unknown): Fields => {
  const pod = find(context, address);
  if (textAt(body, 'metadata', 'name') !== pod.metadata.name) {
    throw badRequest('name in URL does not match name in Eviction object');
  }
  const options = fieldsAt(body, 'deleteOptions');
  holdsPreconditions(pod, options);
  const ended = ['Succeeded', 'Failed', 'Pending'].includes(String(pod.status?.phase));
  if (!ended && pod.metadata.deletionTimestamp === undefined) spendBudget(context, pod);
  const grace = at(options, 'gracePeriodSeconds');
  markDeleted(context, actor, pod, typeof grace === 'number' ? grace : undefined);
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
};
