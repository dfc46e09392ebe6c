import type { Kind } from './kinds.ts';
import { at, type Fields, fieldsAt, listAt, type Obj, same } from './objects.ts';
import { type About, type Cause, invalid } from './refusal.ts';
import { podCauses, specCausesOf } from './validation-spec.ts';

const NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_VALUE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const LABEL_KEY =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const OBJECT_NAME =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const POD_FIELDS =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
const STATEFULSET_FIELDS =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

const isLabelKey = (key: string): boolean => {
  const parts = key.split('/');
  if (parts.length > 2) return false;
  const prefix = parts.length === 2 ? String(parts[0]) : undefined;
  const name = String(parts.at(-1));
  return NAME.test(name) && (prefix === undefined || (prefix.length <= 253 && SUBDOMAIN.test(prefix)));
};

const bad = (field: string, value: unknown, why: string): Cause => ({
  reason: 'FieldValueInvalid',
  field,
  message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
});
const barred = (field: string, why: string): Cause => ({
  reason: 'FieldValueForbidden',
  field,
  message: `Forbidden: ${why}`,
});

const labelCauses = (labels: Fields): Cause[] =>
  Object.entries(labels).flatMap(([key, value]) => {
    if (!isLabelKey(key)) return [bad('metadata.labels', key, LABEL_KEY)];
    if (typeof value === 'string' && (value === '' || NAME.test(value))) return [];
    return [bad('metadata.labels', value, LABEL_VALUE)];
  });

/** Bytes of all keys and values of the annotations of an object. */
const MOST_ANNOTATIONS = 256 * 1024;
const TOO_LONG: Cause = {
  reason: 'FieldValueTooLong',
  field: 'metadata.annotations',
  message: `Too long: may not be more than ${MOST_ANNOTATIONS} bytes`,
};
const sizeOf = (texts: Fields): number =>
  Object.entries(texts).reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(`${value}`), 0);

const metadataCauses = (kind: Kind, metadata: Fields): Cause[] => {
  const name = String(metadata.name ?? '');
  const pathSegment = kind.group === 'rbac.authorization.k8s.io';
  const nameOk = pathSegment ? name !== '' && !/[/%]/.test(name) : name.length <= 253 && SUBDOMAIN.test(name);
  return [
    ...(nameOk ? [] : [bad('metadata.name', name, OBJECT_NAME)]),
    ...labelCauses(fieldsAt(metadata, 'labels')),
    ...Object.keys(fieldsAt(metadata, 'annotations')).flatMap((key) =>
      isLabelKey(key.toLowerCase()) ? [] : [bad('metadata.annotations', key, LABEL_KEY)],
    ),
    ...(sizeOf(fieldsAt(metadata, 'annotations')) <= MOST_ANNOTATIONS ? [] : [TOO_LONG]),
  ];
};

/** Checks a new object against the rules of its kind; throws 422 in the API server's words. */
export const validateNew = (kind: Kind, about: About, draft: Fields): void => {
  const causes = [
    ...metadataCauses(kind, fieldsAt(draft, 'metadata')),
    ...(kind.kind === 'Pod' ? podCauses(draft.spec) : []),
    ...specCausesOf(kind, draft),
  ];
  if (causes.length > 0) throw invalid(kind.kind, about, causes);
};

const without = (value: unknown, ...keys: string[]): Fields =>
  Object.fromEntries(Object.entries(fieldsAt({ value }, 'value')).filter(([key]) => !keys.includes(key)));

const imageless = (value: unknown, name: string): unknown =>
  listAt(value, name).map((container) => without(container, 'image'));

const namesIn = (spec: unknown): unknown[] => listAt(spec, 'containers').map((container) => container.name);

const podUpdateCauses = (before: unknown, after: unknown): Cause[] => {
  if (!same(namesIn(before), namesIn(after))) {
    return [barred('spec.containers', 'pod updates may not add or remove containers')];
  }
  const frozen = (spec: unknown): unknown => ({
    ...without(spec, 'activeDeadlineSeconds', 'tolerations'),
    containers: imageless(spec, 'containers'),
    initContainers: imageless(spec, 'initContainers'),
  });
  const tolerations = listAt(after, 'tolerations').map((t) => without(t, 'tolerationSeconds'));
  const lost = listAt(before, 'tolerations').some(
    (old) => !tolerations.some((t) => same(t, without(old, 'tolerationSeconds'))),
  );
  return [
    ...(same(frozen(before), frozen(after)) ? [] : [barred('spec', POD_FIELDS)]),
    ...(lost
      ? [barred('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds')]
      : []),
  ];
};

const ephemeralCauses = (before: Obj, after: Obj): Cause[] => {
  const added = listAt(after.spec, 'ephemeralContainers');
  const names = listAt(after.spec, 'containers').map((c) => c.name);
  if (before.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) {
    return [barred('', 'static pods do not support ephemeral containers')];
  }
  const changed = listAt(before.spec, 'ephemeralContainers').flatMap((old) => {
    const now = added.find((c) => c.name === old.name);
    if (now === undefined) {
      return [
        barred('spec.ephemeralContainers', `existing ephemeral containers "${String(old.name)}" may not be removed\n`),
      ];
    }
    return same(now, old)
      ? []
      : [
          barred(
            'spec.ephemeralContainers',
            `existing ephemeral containers "${String(old.name)}" may not be changed\n`,
          ),
        ];
  });
  const missing = added.flatMap((container, i) => {
    const field = `spec.ephemeralContainers[${i}]`;
    const target = container.targetContainerName;
    return [
      ...(typeof container.image === 'string' && container.image !== ''
        ? []
        : [{ reason: 'FieldValueRequired', field: `${field}.image`, message: 'Required value' }]),
      ...(target === undefined || target === '' || names.includes(target)
        ? []
        : [
            {
              reason: 'FieldValueNotFound',
              field: `${field}.targetContainerName`,
              message: `Not found: "${String(target)}"`,
            },
          ]),
    ];
  });
  return [...changed, ...missing];
};

const specCauses = (kind: Kind, before: Obj, after: Obj, subresource: string | undefined): Cause[] => {
  if (kind.kind === 'Pod') {
    if (subresource === 'ephemeralcontainers') return ephemeralCauses(before, after);
    return podUpdateCauses(before.spec, after.spec);
  }
  const immutable = (field: string): Cause[] =>
    same(at(before.spec, field), at(after.spec, field))
      ? []
      : [bad(`spec.${field}`, at(after.spec, field) ?? null, 'field is immutable')];
  if (kind.kind === 'Deployment' || kind.kind === 'DaemonSet' || kind.kind === 'ReplicaSet')
    return immutable('selector');
  if (kind.kind === 'Node') {
    const old = at(before.spec, 'providerID');
    if (old === undefined || same(old, at(after.spec, 'providerID'))) return [];
    return [barred('spec.providerID', 'node updates may not change providerID except from "" to valid')];
  }
  if (kind.kind === 'Job') return [...immutable('selector'), ...immutable('template')];
  if (kind.kind === 'StatefulSet') {
    const free = ['replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'minReadySeconds'];
    return same(without(before.spec, ...free), without(after.spec, ...free))
      ? []
      : [barred('spec', STATEFULSET_FIELDS)];
  }
  return [];
};

/** Checks a changed object against the one it replaces; throws 422 in the API server's words. */
export const validateChange = (
  kind: Kind,
  about: About,
  before: Obj,
  after: Obj,
  subresource: string | undefined,
): void => {
  const causes = [
    ...(after.metadata.uid === before.metadata.uid
      ? []
      : [bad('metadata.uid', after.metadata.uid, 'field is immutable')]),
    ...metadataCauses(kind, after.metadata),
    ...specCausesOf(kind, after),
    ...specCauses(kind, before, after, subresource),
  ];
  if (causes.length > 0) throw invalid(kind.kind, about, causes);
};
