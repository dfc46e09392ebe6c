import { type Context, isActive, isReady } from '../context.ts';
import { controllerOf, numberAt, type Obj } from '../objects.ts';
import { matchesSelector } from '../selectors.ts';
import { labelsOf } from '../store.ts';
import { observe } from './pods.ts';

const share = (value: unknown, of: number): number | undefined => {
  if (typeof value === 'number') return value;
  const percent = typeof value === 'string' ? /^(\d+)%$/.exec(value)?.[1] : undefined;
  return percent === undefined ? undefined : Math.ceil((of * Number(percent)) / 100);
};

const wantedBy = (context: Context, pods: Obj[]): number => {
  const owners = new Map<string, number>();
  for (const pod of pods) {
    const uid = controllerOf(pod)?.uid;
    if (uid !== undefined) owners.set(uid, numberAt(context.store.byUid(uid)?.spec, 'replicas') ?? 1);
  }
  return [...owners.values()].reduce((sum, n) => sum + n, 0);
};

/** Updates in every PodDisruptionBudget how many disruptions it allows at the moment. */
export const syncBudgets = (context: Context): void => {
  for (const budget of context.store.all(context.kind('PodDisruptionBudget'))) {
    const pods = context.store
      .all(context.kind('Pod'))
      .filter(
        (p) =>
          p.metadata.namespace === budget.metadata.namespace && matchesSelector(budget.spec?.selector, labelsOf(p)),
      )
      .filter(isActive);
    const minimum = budget.spec?.minAvailable;
    const counted = typeof minimum === 'number' ? pods.length : wantedBy(context, pods);
    const lost = share(budget.spec?.maxUnavailable, counted) ?? 1;
    const desired = share(minimum, counted) ?? Math.max(0, counted - lost);
    const healthy = pods.filter(isReady).length;
    observe(context, 'disruption-controller', budget, {
      currentHealthy: healthy,
      desiredHealthy: desired,
      expectedPods: counted,
      disruptionsAllowed: counted === 0 ? 0 : Math.max(0, healthy - desired),
    });
  }
};
