import { record } from '../../kubernetes/loose.ts';
import { writtenAt } from '../../kubernetes/patch.ts';
import { isReviewed } from '../allowed-pairs.ts';
import { callRule } from '../call-rule.ts';
import { type CallSignal, REMOVALS, UPDATES } from '../calls.ts';
import { shownCall } from '../claim.ts';
import { inGroup } from '../resources.ts';
import { isAccount } from '../secrets.ts';
import { isSecurityApi, isSecurityTool, TOOLS_FILTER } from '../security-tools.ts';

/** For deployers, service accounts of Google Cloud and a tool's own accounts: upgrades remove parts with them. */
const BY_AUTOMATION = 0.35;

/** Workloads that keep a number of pods, which may be none. */
const SCALED = inGroup('apps', 'deployments', 'statefulsets');

/** Somebody removed a program that watches or guards the cluster. */
export const securityToolRemoved = callRule({
  id: 'security-tool-removed',
  title: 'Security tool removed from the cluster',
  sees: `A namespace or workload of a well-known security tool that is deleted, a workload of one that is scaled to zero, or one that is confined to other nodes by a change of nothing else in its pods; and the deletion of a CustomResourceDefinition of such a tool, with which all its policies go. ${BY_AUTOMATION} by deployers, service accounts of Google Cloud and accounts of the tool itself.`,
  why: 'What watches or guards the cluster is removed first by whoever has the rights for it.',
  technique: [{ id: 'T1562.001', name: 'Impair Defenses: Disable or Modify Tools' }],
  severity: 'high',
  confidence: 0.6,
  family: 'rbac',
  falsePositives: ['Replacement of one tool by another', 'A tool that is kept to some nodes', 'Upgrades by hand'],
  calls: [
    {
      resources: ['core/namespaces', ...SCALED, 'apps/daemonsets', 'apiextensions.k8s.io/customresourcedefinitions'],
      verbs: REMOVALS,
    },
    { resources: [...SCALED.flatMap((one) => [one, `${one}/scale`]), 'apps/daemonsets'], verbs: UPDATES },
  ],
  narrowed: TOOLS_FILTER,
  example: 'kubectl delete daemonset -n falco falco',
  match: (signal) => {
    const { call, principal = '' } = signal;
    const { resource, name = '', namespace = '' } = call;
    const known =
      resource === 'customresourcedefinitions'
        ? isSecurityApi(name)
        : isSecurityTool(name) || isSecurityTool(namespace);
    const what = removalBy(signal);
    if (!known || what === undefined) return undefined;
    const own = isAccount(signal) && isSecurityTool(principal.split(':')[2] ?? '');
    return {
      because: [shownCall(signal, what)],
      ...(own || isReviewed(signal) ? { confidence: BY_AUTOMATION } : {}),
    };
  },
});

const removalBy = (signal: CallSignal): string | undefined => {
  if (signal.call.verb.startsWith('delete')) return signal.call.verb;
  if (writtenAt(signal, 'spec', 'replicas') === 0) return 'scale to zero';
  return isConfined(signal) ? 'move to other nodes' : undefined;
};

/** Labels that no node has leave a DaemonSet without pods. Upgrades write the containers too. */
const isConfined = (signal: CallSignal): boolean => {
  if (signal.call.verb !== 'patch' || signal.call.resource !== 'daemonsets') return false;
  const written = (field: string): unknown => writtenAt(signal, 'spec', 'template', 'spec', field);
  return record(written('nodeSelector')) !== undefined && written('containers') === undefined;
};
