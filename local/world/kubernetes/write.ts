import { kubeObject } from '../../../shared/kubernetes/object.ts';
import { admit, nameFor, withDefaultTolerations } from './admission.ts';
import type { Context } from './context.ts';
import { apiVersionOf, type Kind } from './kinds.ts';
import { jsonPatch, mergePatch } from './merge.ts';
import { normal } from './normal.ts';
import { type Fields, fieldsAt, isFields, listAt, type Obj, textAt } from './objects.ts';
import { find } from './read.ts';
import { type About, alreadyExists, badRequest, conflict, failure, invalid } from './refusal.ts';
import type { Address, ApiRequest } from './requests.ts';
import { strategicPatch } from './strategic.ts';
import { validateChange, validateNew } from './validation.ts';

const registerCustom = (context: Context, definition: Obj): void => {
  const [version] = listAt(definition.spec, 'versions');
  context.kinds.add({
    group: textAt(definition.spec, 'group') ?? '',
    version: textAt(version, 'name') ?? 'v1',
    kind: textAt(definition.spec, 'names', 'kind') ?? '',
    plural: textAt(definition.spec, 'names', 'plural') ?? '',
    namespaced: textAt(definition.spec, 'scope') === 'Namespaced',
    custom: true,
    subresources:
      version !== undefined && 'subresources' in version ? Object.keys(fieldsAt(version, 'subresources')) : [],
  });
};

/**
 * Creates an object: 409 if the name is taken, 404 if the namespace does not exist, 422 if it breaks the rules of its
 * kind.
 */
export const create = (context: Context, actor: string, address: Address, body: unknown): Obj => {
  const { kind, namespace } = address;
  if (!isFields(body)) throw badRequest(`the object provided is unrecognized (must be of type ${kind.kind})`);
  const [said, version] = [body.kind ?? kind.kind, body.apiVersion ?? apiVersionOf(kind)];
  if (said !== kind.kind || version !== apiVersionOf(kind)) {
    throw badRequest(
      `${String(said)} in version "${String(version)}" cannot be handled as a ${kind.kind}: no kind "${String(said)}" is registered`,
    );
  }
  const mistyped = Object.values(fieldsAt(body, 'metadata', 'labels')).some((value) => typeof value !== 'string');
  if (mistyped) {
    throw badRequest(
      `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: json: cannot unmarshal`,
    );
  }
  const { resourceVersion, uid: _uid, creationTimestamp: _created, ...metadata } = fieldsAt(body, 'metadata');
  if (typeof metadata.namespace === 'string' && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (typeof resourceVersion === 'string' && resourceVersion !== '') {
    throw failure(500, '', 'resourceVersion should not be set on objects to be created');
  }
  const name = nameFor(context, metadata);
  const about: About = { group: kind.group, plural: kind.plural, name: name ?? '' };
  if (name === undefined) {
    const message = 'Required value: name or generateName is required';
    throw invalid(kind.kind, about, [{ reason: 'FieldValueRequired', field: 'metadata.name', message }]);
  }
  const draft = admit(context, kind, about, {
    ...normal(body, kind.custom),
    metadata: {
      ...fieldsAt(normal({ metadata }, true), 'metadata'),
      name,
      ...(namespace === undefined ? {} : { namespace }),
    },
  });
  validateNew(kind, about, draft);
  if (context.store.get(kind, namespace, name) !== undefined) throw alreadyExists(about);
  const made = context.store.insert(actor, kind, draft);
  if (kind.kind === 'CustomResourceDefinition') registerCustom(context, made);
  return made;
};

const PATCH_TYPES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
];

const patched = (kind: Kind, object: Obj, request: ApiRequest): unknown => {
  const type = request.contentType?.split(';')[0]?.trim() ?? '';
  const known = kind.custom ? PATCH_TYPES.slice(0, 2) : PATCH_TYPES;
  if (!known.includes(type)) {
    throw failure(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format - accepted media types include: ${[...known, 'application/apply-patch+yaml'].join(', ')}`,
    );
  }
  if (type === 'application/json-patch+json') return jsonPatch(object, request.body);
  if (!isFields(request.body)) {
    throw badRequest(
      'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
    );
  }
  return type === 'application/merge-patch+json'
    ? mergePatch(object, request.body)
    : strategicPatch(kind.kind, object, request.body);
};

/**
 * Restores fields that a client may not change. Status and ephemeral containers change only through their subresource.
 */
const kept = (kind: Kind, before: Obj, after: Obj, subresource: string | undefined): Obj => {
  const metadata = {
    ...after.metadata,
    creationTimestamp: before.metadata.creationTimestamp,
    deletionTimestamp: before.metadata.deletionTimestamp,
    deletionGracePeriodSeconds: before.metadata.deletionGracePeriodSeconds,
    generation: before.metadata.generation,
  };
  if (subresource === 'status') return { ...before, metadata, status: after.status };
  if (subresource === 'ephemeralcontainers') {
    return {
      ...before,
      metadata: { ...before.metadata, uid: after.metadata.uid },
      spec: { ...before.spec, ephemeralContainers: listAt(after.spec, 'ephemeralContainers') },
    };
  }
  const spec =
    kind.kind === 'Pod'
      ? { ...after.spec, tolerations: withDefaultTolerations(listAt(after.spec, 'tolerations')) }
      : after.spec;
  return {
    ...after,
    metadata,
    ...(spec === undefined ? {} : { spec }),
    ...(kind.subresources.includes('status') ? { status: before.status } : {}),
  };
};

/**
 * The object that a patch asks for: without a resourceVersion it matches any version, and creationTimestamp cannot be
 * removed.
 */
const asked = (before: Obj, raw: unknown): unknown => {
  const metadata = fieldsAt(raw, 'metadata');
  const { uid, resourceVersion, creationTimestamp } = before.metadata;
  return {
    ...fieldsAt({ raw }, 'raw'),
    metadata: {
      ...metadata,
      uid: metadata.uid ?? uid,
      resourceVersion: metadata.resourceVersion || resourceVersion,
      creationTimestamp,
    },
  };
};

/**
 * Applies a patch: 415, 400 or 422 if it cannot be applied, 409 if it names another resourceVersion than the current
 * one.
 */
export const patch = (context: Context, actor: string, address: Address, request: ApiRequest): Obj => {
  const { kind, subresource } = address;
  const before = find(context, address);
  const about: About = { group: kind.group, plural: kind.plural, name: before.metadata.name };
  const raw = patched(kind, before, request);
  const name = textAt(raw, 'metadata', 'name');
  if (name !== before.metadata.name) {
    throw badRequest(
      `the name of the object (${String(name)}) does not match the name on the URL (${before.metadata.name})`,
    );
  }
  if (textAt(raw, 'metadata', 'namespace') !== before.metadata.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  const parsed = kubeObject.safeParse(asked(before, raw));
  if (!parsed.success || parsed.data.kind !== before.kind || parsed.data.apiVersion !== before.apiVersion) {
    throw failure(422, 'Invalid', ` "" is invalid: patch: Invalid value: ${JSON.stringify(raw).slice(0, 500)}`, {
      causes: [{ reason: 'FieldValueInvalid', message: 'Invalid value', field: 'patch' }],
    });
  }
  if (parsed.data.metadata.resourceVersion !== before.metadata.resourceVersion) {
    throw conflict(
      about,
      'the object has been modified; please apply your changes to the latest version and try again',
    );
  }
  const after = kubeObject.parse(normal(kept(kind, before, parsed.data, subresource), kind.custom));
  validateChange(kind, about, before, after, subresource);
  return context.store.update(actor, subresource === undefined ? 'patch' : `patch ${subresource}`, before, (draft) => {
    for (const key of Object.keys(draft)) if (!(key in after)) delete draft[key];
    Object.assign(draft, after);
  });
};

/** Whether an object is being deleted and no finalizer holds it. */
export const isReleased = (object: Obj): boolean =>
  object.metadata.deletionTimestamp !== undefined && listedFinalizers(object).length === 0;

/** The finalizers of an object. */
export const listedFinalizers = (object: Fields): unknown[] => {
  const finalizers = fieldsAt(object, 'metadata').finalizers;
  return Array.isArray(finalizers) ? finalizers : [];
};
