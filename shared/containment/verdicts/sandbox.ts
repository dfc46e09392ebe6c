import { z } from 'zod';

/** The runtime class of GKE Sandbox. */
export const SANDBOX = 'gvisor';

const TEMPLATE = ['template', 'spec'] as const;

/** The path of the pod spec below `spec`, for the kinds whose template may be changed (a Job's may not). */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  Deployment: TEMPLATE,
  ReplicaSet: TEMPLATE,
  ReplicationController: TEMPLATE,
  StatefulSet: TEMPLATE,
  DaemonSet: TEMPLATE,
  CronJob: ['jobTemplate', 'spec', ...TEMPLATE],
};

/** The path of a controller's pod spec below `spec`; undefined where the template of this kind cannot be changed. */
export const sandboxPlace = (kind: string): readonly string[] | undefined =>
  Object.hasOwn(PLACES, kind) ? PLACES[kind] : undefined;

const fields = z.record(z.string(), z.unknown());

/** The runtime class that a controller's `spec` asks for; null where it asks for none. */
export const runtimeClassAt = (spec: unknown, place: readonly string[]): string | null => {
  const inner = place.reduce<unknown>((held, key) => fields.safeParse(held).data?.[key], spec);
  const found = fields.safeParse(inner).data?.runtimeClassName;
  return typeof found === 'string' ? found : null;
};

/** The merge patch of `spec` that asks for this runtime class; null removes it. */
export const runtimeClassPatch = (place: readonly string[], value: string | null): Record<string, unknown> =>
  place.toReversed().reduce<Record<string, unknown>>((inner, key) => ({ [key]: inner }), { runtimeClassName: value });
