import { at, record, records, text } from '../../kubernetes/loose.ts';
import type { KubeObject } from '../../kubernetes/object.ts';

/** A Secret that a pod could read, and the ways in which the pod uses it. */
export type SecretUse = { name: string; by: string[] };

type Use = { name: string | undefined; by: string };

const volumeUses = (spec: unknown): Use[] =>
  records(at(spec, 'volumes')).flatMap((volume) => {
    const by = `volume ${text(volume.name) ?? ''}`;
    return [
      { name: text(at(volume, 'secret', 'secretName')), by },
      ...records(at(volume, 'projected', 'sources')).map((source) => ({
        name: text(at(source, 'secret', 'name')),
        by,
      })),
    ];
  });

const containerUses = (spec: unknown): Use[] =>
  ['initContainers', 'containers', 'ephemeralContainers']
    .flatMap((list) => records(at(spec, list)))
    .flatMap((container) => [
      ...records(container.env).map((variable) => ({
        name: text(at(variable, 'valueFrom', 'secretKeyRef', 'name')),
        by: `env ${text(variable.name) ?? ''}`,
      })),
      ...records(container.envFrom).map((source) => ({ name: text(at(source, 'secretRef', 'name')), by: 'envFrom' })),
    ]);

const pullUses = (spec: unknown): Use[] =>
  records(at(spec, 'imagePullSecrets')).map((pull) => ({ name: text(pull.name), by: 'imagePullSecrets' }));

/** The Secrets that a pod mounts, gets in its environment, or pulls images with: their contents stay valid. */
export const secretsOf = (pod: KubeObject): SecretUse[] => {
  const spec = record(pod.spec);
  const found = new Map<string, Set<string>>();
  for (const { name, by } of [...volumeUses(spec), ...containerUses(spec), ...pullUses(spec)]) {
    if (name === undefined) continue;
    found.set(name, (found.get(name) ?? new Set()).add(by));
  }
  return [...found].map(([name, by]) => ({ name, by: [...by] }));
};
