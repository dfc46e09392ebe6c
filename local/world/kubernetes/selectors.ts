import { labelIn } from '../../../shared/kubernetes/label-selector.ts';
import { at, fieldsAt, listAt, type Obj, textAt, textsAt } from './objects.ts';
import { badRequest } from './refusal.ts';

type Labels = Record<string, string>;
type Requirement = { key: string; operator: string; values: string[] };

const holds = (requirement: Requirement, labels: Labels): boolean => {
  const value = labelIn(labels, requirement.key);
  switch (requirement.operator) {
    case 'In':
      return value !== undefined && requirement.values.includes(value);
    case 'NotIn':
      return value === undefined || !requirement.values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return value !== undefined && Number(value) > Number(requirement.values[0]);
    case 'Lt':
      return value !== undefined && Number(value) < Number(requirement.values[0]);
    default:
      return false;
  }
};

/** Whether labels meet `matchExpressions`, in the form of label selectors and node selector terms. */
const meets = (expressions: unknown[], labels: Labels): boolean =>
  expressions.every((e) => {
    const values = at(e, 'values');
    return holds(
      {
        key: textAt(e, 'key') ?? '',
        operator: textAt(e, 'operator') ?? '',
        values: Array.isArray(values) ? values.map(String) : [],
      },
      labels,
    );
  });

/** Whether labels match a LabelSelector object. An absent selector matches nothing, an empty one everything. */
export const matchesSelector = (selector: unknown, labels: Labels | undefined): boolean => {
  if (selector === undefined || selector === null) return false;
  const given = labels ?? {};
  return (
    Object.entries(textsAt(selector, 'matchLabels')).every(([key, value]) => labelIn(given, key) === value) &&
    meets(listAt(selector, 'matchExpressions'), given)
  );
};

/** Whether labels include every pair of a plain map (Services, node selectors). */
export const holdsAll = (wanted: Labels, labels: Labels | undefined): boolean =>
  Object.entries(wanted).every(([key, value]) => labelIn(labels ?? {}, key) === value);

const requirementOf = (term: string): Requirement => {
  const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(term);
  if (set !== null) {
    const values = String(set[3])
      .split(',')
      .map((v) => v.trim());
    return { key: String(set[1]), operator: set[2] === 'in' ? 'In' : 'NotIn', values };
  }
  const equality = /^([^=!\s]+)\s*(==|=|!=)\s*([^=!\s]*)$/.exec(term);
  if (equality !== null) {
    const operator = equality[2] === '!=' ? 'NotIn' : 'In';
    return { key: String(equality[1]), operator, values: [String(equality[3])] };
  }
  const presence = /^(!?)\s*([A-Za-z0-9][A-Za-z0-9./_-]*)$/.exec(term);
  if (presence !== null) {
    return { key: String(presence[2]), operator: presence[1] === '!' ? 'DoesNotExist' : 'Exists', values: [] };
  }
  throw badRequest(`unable to parse requirement: found '${term}', expected: identifier`);
};

/** Reads the `labelSelector` of a request; throws 400 if it cannot be read. */
export const labelFilter = (text: string | undefined): ((object: Obj) => boolean) => {
  if (text === undefined || text.trim() === '') return () => true;
  const requirements = text.split(/,(?![^(]*\))/).map((term) => requirementOf(term.trim()));
  return (object) => requirements.every((r) => holds(r, object.metadata.labels ?? {}));
};

const SELECTABLE: Record<string, readonly string[]> = {
  Pod: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'status.phase',
    'status.podIP',
  ],
  Node: ['spec.unschedulable'],
  Event: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'reason',
    'type',
  ],
  Secret: ['type'],
  Job: ['status.successful'],
  Namespace: ['status.phase'],
};

const fieldOf = (object: Obj, path: string): string => {
  const value = at(object, ...path.split('.'));
  if (value === undefined || value === null) return path === 'spec.unschedulable' ? 'false' : '';
  return String(value);
};

/** Reads the `fieldSelector` of a request; throws 400 for a field that this kind cannot be selected by. */
export const fieldFilter = (text: string | undefined, kind: string): ((object: Obj) => boolean) => {
  if (text === undefined || text.trim() === '') return () => true;
  const known = ['metadata.name', 'metadata.namespace', ...(SELECTABLE[kind] ?? [])];
  const terms = text.split(',').map((term) => {
    const parts = /^([^=!]+)(==|=|!=)(.*)$/.exec(term);
    if (parts === null) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
    const path = String(parts[1]);
    if (!known.includes(path)) {
      // The server words this differently for kinds without selectable fields of their own.
      if (known.length === 2) {
        throw badRequest(`"${path}" is not a known field selector: only "metadata.name", "metadata.namespace"`);
      }
      throw badRequest(`field label not supported: ${path}`);
    }
    return { path, equal: parts[2] !== '!=', value: String(parts[3]) };
  });
  return (object) => terms.every((t) => (fieldOf(object, t.path) === t.value) === t.equal);
};

/** Whether a node's labels and name meet the required node affinity and node selector of a pod spec. */
export const nodeMatches = (spec: unknown, node: Obj): boolean => {
  if (!holdsAll(textsAt(spec, 'nodeSelector'), node.metadata.labels)) return false;
  const terms = listAt(
    spec,
    'affinity',
    'nodeAffinity',
    'requiredDuringSchedulingIgnoredDuringExecution',
    'nodeSelectorTerms',
  );
  if (
    Object.keys(fieldsAt(spec, 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution')).length ===
    0
  )
    return true;
  return terms.some(
    (term) =>
      meets(listAt(term, 'matchExpressions'), node.metadata.labels ?? {}) &&
      meets(listAt(term, 'matchFields'), { 'metadata.name': node.metadata.name }),
  );
};
