import { resourceOf } from '../../kubernetes/call.ts';
import { isProgram, SYSTEM_PATTERN } from '../../kubernetes/principals.ts';
import { quote } from '../../text.ts';
import { shownCaller } from '../claim.ts';
import { burst, kindsOf } from '../history.ts';
import { OWN_RIGHTS } from '../resources.ts';
import type { HistoryRule } from '../rule.ts';

/** The confidence for programs: a program that may read everything does so when it starts. */
const BY_PROGRAM = 0.45;
const SECONDS = 60;
const ENOUGH = 5;
const READS = ['get', 'list', 'watch'];
const RIGHTS = [...OWN_RIGHTS, 'roles', 'rolebindings', 'clusterroles', 'clusterrolebindings', 'serviceaccounts'];
const LAYOUT = [
  'nodes',
  'namespaces',
  'pods',
  'services',
  'endpoints',
  'endpointslices',
  'ingresses',
  'networkpolicies',
  'deployments',
  'daemonsets',
  'statefulsets',
];

const nameOf = (kind: string): string => kind.split('/').at(-1) ?? '';

/** Somebody looks at everything at once: who may do what, and what is where. */
export const reconnaissanceBurst: HistoryRule = {
  id: 'reconnaissance-burst',
  reads: 'history',
  title: 'Reconnaissance of a cluster',
  sees: `One caller, from one address with one client, that reads at least ${ENOUGH} kinds of objects within a minute, including RBAC objects and objects that show the layout of the cluster; a program counts 0.45. Needs the Data Access log (data reads).`,
  why: 'An intruder looks around first; people who work there know their way.',
  technique: [
    { id: 'T1613', name: 'Container and Resource Discovery' },
    { id: 'T1069.003', name: 'Permission Groups Discovery: Cloud Groups' },
  ],
  severity: 'medium',
  confidence: 0.6,
  family: 'identity',
  falsePositives: ['Terminal dashboards', 'Scanners', 'GitOps controllers when they start'],
  filter: `(protoPayload.serviceName="k8s.io" AND protoPayload.methodName=~"[.](get|list|watch)$" AND NOT protoPayload.authenticationInfo.principalEmail=~"${SYSTEM_PATTERN}") OR protoPayload.methodName=~"[.](${OWN_RIGHTS.join('|')})[.]create$"`,
  windowMs: SECONDS * 1000,
  example: 'kubectl get roles,rolebindings,pods,services,nodes -A',
  subjectOf: (signal) => {
    const { call, principal } = signal;
    if (call === undefined || principal === undefined || call.subresource !== undefined) return undefined;
    const asks = READS.includes(call.verb) || (call.verb === 'create' && OWN_RIGHTS.includes(call.resource));
    if (!asks || signal.principalClass === 'system') return undefined;
    return [principal, signal.callerIp ?? '', signal.userAgent ?? ''];
  },
  recall: (signal, history) =>
    burst(signal, history, {
      what: signal.call === undefined ? '' : resourceOf(signal.call),
      windowMs: SECONDS * 1000,
      distinct: true,
      isBurst: (recent) => {
        const kinds = kindsOf(recent).map(nameOf);
        return (
          kinds.length >= ENOUGH &&
          kinds.some((kind) => RIGHTS.includes(kind)) &&
          kinds.some((kind) => LAYOUT.includes(kind))
        );
      },
      tell: (recent) => ({
        refusal: true,
        ...(isProgram(signal) ? { confidence: BY_PROGRAM } : {}),
        because: [
          `${shownCaller(signal)} read ${kindsOf(recent).length} kinds of objects within a minute`,
          `among them ${quote(kindsOf(recent).slice(0, 8).map(nameOf).join(', '), 300)}`,
        ],
      }),
    }),
};
