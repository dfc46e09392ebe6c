import type { Loose } from '../kubernetes/loose.ts';
import { isLabelName, isSubdomain } from '../kubernetes/names.ts';
import { WORKLOAD_RESOURCES, workloadKindOf } from '../kubernetes/workloads.ts';
import type { Target } from '../model/target.ts';
import { fieldOf } from './falco-fields.ts';

/** The kinds of workloads by resource. Falco's fields for a call to the API server leave the group out. */
const KINDS: ReadonlyMap<string, string | undefined> = new Map(
  WORKLOAD_RESOURCES.map((written) => {
    const [group = '', resource = ''] = written.split('/');
    return [resource, workloadKindOf({ group, version: 'v1', resource, verb: 'get' })];
  }),
);

/** Whether an alert is about a call to the API server (source `k8s_audit`), which its own audit log shows as well. */
export const isOfAuditLog = ({ source }: Loose): boolean => source === 'k8s_audit';

/** The pod or workload that such an alert names: the call's own object or, for a new one, that in the answer. */
export const auditedThing = (alert: Loose): Pick<Target, 'namespace' | 'pod' | 'workload'> | undefined => {
  const kind = KINDS.get(fieldOf(alert, 'ka.target.resource') ?? '');
  const namespace = fieldOf(alert, 'ka.target.namespace');
  const name = fieldOf(alert, 'ka.target.name') ?? fieldOf(alert, 'ka.resp.name');
  if (kind === undefined || namespace === undefined || name === undefined) return undefined;
  if (!isLabelName(namespace) || !isSubdomain(name)) return undefined;
  return { namespace, ...(kind === 'Pod' ? { pod: name } : { workload: { kind, name } }) };
};
