import type { Kind } from './kinds.ts';
import { at, fieldsAt, listAt, numberAt, textAt, textsAt } from './objects.ts';
import type { Cause } from './refusal.ts';
import { matchesSelector } from './selectors.ts';

const WORKLOADS = /^(Deployment|ReplicaSet|StatefulSet|DaemonSet)$/;

const required = (field: string): Cause => ({ reason: 'FieldValueRequired', field, message: 'Required value' });

/** Errors in the containers of a pod spec. */
export const podCauses = (spec: unknown): Cause[] => {
  const containers = listAt(spec, 'containers');
  if (containers.length === 0) return [required('spec.containers')];
  return containers.flatMap((container, i) =>
    typeof container.image === 'string' && container.image !== '' ? [] : [required(`spec.containers[${i}].image`)],
  );
};

/** Errors in the spec of a workload: a negative count, a selector that does not match the template's labels. */
const workloadCauses = (spec: unknown): Cause[] => {
  const replicas = numberAt(spec, 'replicas') ?? 0;
  const labels = textsAt(spec, 'template', 'metadata', 'labels');
  const field = 'spec.template.metadata.labels';
  return [
    ...(replicas < 0
      ? [
          {
            reason: 'FieldValueInvalid',
            field: 'spec.replicas',
            message: `Invalid value: ${replicas}: must be greater than or equal to 0`,
          },
        ]
      : []),
    ...(matchesSelector(at(spec, 'selector'), labels)
      ? []
      : [
          {
            reason: 'FieldValueInvalid',
            field,
            message: `Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``,
          },
        ]),
  ];
};

const taintCauses = (spec: unknown): Cause[] =>
  listAt(spec, 'taints').flatMap((taint, i) =>
    textAt(taint, 'effect') === undefined ? [required(`metadata.taints[${i}].effect`)] : [],
  );

const tolerationCauses = (spec: unknown): Cause[] =>
  listAt(spec, 'tolerations').flatMap((toleration, i) => {
    const effect = textAt(toleration, 'effect') ?? '';
    return numberAt(toleration, 'tolerationSeconds') === undefined || effect === 'NoExecute'
      ? []
      : [
          {
            reason: 'FieldValueInvalid',
            field: `spec.tolerations[${i}].effect`,
            message: `Invalid value: ${JSON.stringify(effect)}: effect must be 'NoExecute' when \`tolerationSeconds\` is set`,
          },
        ];
  });

/** Errors in a new or changed spec that need no earlier version to find, in the API server's words. */
export const specCausesOf = (kind: Kind, object: unknown): Cause[] => {
  const spec = fieldsAt(object, 'spec');
  if (kind.group === 'apps' && WORKLOADS.test(kind.kind)) return workloadCauses(spec);
  if (kind.group !== '') return [];
  if (kind.kind === 'Pod') return tolerationCauses(spec);
  return kind.kind === 'Node' ? taintCauses(spec) : [];
};
