/** The options of the admission policy. */
type AdmissionOptions = {
  /** The user names under which the API server knows contain. */
  users: readonly string[];
  /** The namespace in which our own pods run. */
  ownNamespace: string;
  /** Namespaces in which contain changes nothing, other than by eviction; `*` at the end stands for any rest. */
  protectedNamespaces: readonly string[];
  /** The name of the only NetworkPolicy that contain makes. */
  policyName: string;
};

const quoted = (text: string): string => `'${text}'`;

const inNamespaces = (patterns: readonly string[]): string =>
  patterns.length === 0
    ? 'false'
    : patterns
        .map((p) =>
          p.endsWith('*') ? `variables.place.startsWith(${quoted(p.slice(0, -1))})` : `variables.place == ${quoted(p)}`,
        )
        .join(' || ');

/** A condition that two maps differ only in the allowed keys, so it also covers fields that a later Kubernetes adds. */
const sameBut = (now: string, was: string, allowed: readonly string[]): string => {
  const keys = `[${allowed.map(quoted).join(', ')}]`;
  return [
    `dyn(${now}).all(k, k in ${keys} || (k in dyn(${was}) && dyn(${now})[k] == dyn(${was})[k]))`,
    `dyn(${was}).all(k, k in ${keys} || k in dyn(${now}))`,
  ].join(' && ');
};

const unless = (condition: string, then: string): string => `!(${condition}) || (${then})`;

const template = (object: string): string =>
  `${object}.kind == 'CronJob' ? dyn(${object}).spec.jobTemplate.spec.template : dyn(${object}).spec.template`;

const WORKLOADS = [
  'cronjobs',
  'daemonsets',
  'deployments',
  'jobs',
  'replicasets',
  'replicationcontrollers',
  'statefulsets',
];

type Validation = { expression: string; message: string };

const validations = ({ ownNamespace, policyName }: AdmissionOptions): Validation[] => [
  {
    expression: '!variables.isProtected',
    message: 'Firebreak changes nothing in a protected namespace, other than by eviction.',
  },
  {
    expression: unless(
      "variables.resource == 'pods' && request.operation == 'CREATE'",
      `variables.place == ${quoted(ownNamespace)}`,
    ),
    message: `Firebreak makes pods in namespace ${ownNamespace} only.`,
  },
  {
    expression: unless(
      "variables.resource == 'pods' && request.operation == 'UPDATE'",
      sameBut('object.spec', 'oldObject.spec', ['ephemeralContainers', 'tolerations']),
    ),
    message: 'Firebreak changes nothing in the spec of a pod but tolerations and ephemeral containers.',
  },
  {
    expression: unless(
      "variables.resource == 'nodes' && request.operation == 'UPDATE'",
      sameBut('object.spec', 'oldObject.spec', ['unschedulable']),
    ),
    message: 'Firebreak changes nothing in the spec of a node but whether it is schedulable.',
  },
  {
    expression: unless(
      'variables.isWorkload',
      sameBut('object.spec', 'oldObject.spec', ['jobTemplate', 'replicas', 'suspend', 'template']),
    ),
    message: 'Firebreak changes how much of a workload runs, and never what selects its pods.',
  },
  {
    expression: unless(
      "variables.isWorkload && object.kind == 'CronJob'",
      `${sameBut('object.spec.jobTemplate', 'oldObject.spec.jobTemplate', ['spec'])} && ${sameBut('object.spec.jobTemplate.spec', 'oldObject.spec.jobTemplate.spec', ['template'])}`,
    ),
    message: 'Firebreak changes nothing in the jobs of a CronJob but where their pods may run.',
  },
  {
    expression: unless(
      'variables.isWorkload',
      `${sameBut('variables.template', 'variables.oldTemplate', ['spec'])} && ${sameBut('variables.template.spec', 'variables.oldTemplate.spec', ['nodeSelector', 'runtimeClassName'])}`,
    ),
    message: 'Firebreak changes nothing in the pods of a workload but node selector and runtime class.',
  },
  {
    expression: unless(
      "variables.resource == 'networkpolicies'",
      `(request.operation == 'DELETE' ? oldObject : object).metadata.name == ${quoted(policyName)}`,
    ),
    message: `Firebreak makes and deletes no NetworkPolicy but ${policyName}.`,
  },
  {
    expression: unless(
      "variables.resource == 'networkpolicies' && request.operation != 'DELETE'",
      'size(object.spec.?ingress.orValue([])) == 0 && size(object.spec.?egress.orValue([])) == 0',
    ),
    message: 'Firebreak makes no NetworkPolicy that allows anything.',
  },
];

const UPDATES = "request.operation == 'UPDATE'";

/**
 * The specs of a ValidatingAdmissionPolicy and its binding. They keep contain, and whoever has stolen its identity,
 * from changes that contain never makes: RBAC can say which objects may be patched, but not which of their fields.
 * Evictions are not covered, since draining a node moves pods of protected namespaces too.
 */
export const admissionSpecs = (
  options: AdmissionOptions,
  name: string,
): { policy: Record<string, unknown>; binding: Record<string, unknown> } => ({
  policy: {
    failurePolicy: 'Fail',
    matchConstraints: {
      resourceRules: [
        {
          apiGroups: ['*'],
          apiVersions: ['*'],
          operations: ['CREATE', 'UPDATE', 'DELETE'],
          resources: ['*', 'pods/ephemeralcontainers'],
        },
      ],
    },
    matchConditions: [
      { name: 'contain', expression: `request.userInfo.username in [${options.users.map(quoted).join(', ')}]` },
    ],
    variables: [
      { name: 'resource', expression: 'request.resource.resource' },
      { name: 'place', expression: "has(request.namespace) ? request.namespace : ''" },
      { name: 'isProtected', expression: inNamespaces(options.protectedNamespaces) },
      {
        name: 'isWorkload',
        expression: `${UPDATES} && variables.resource in [${WORKLOADS.map(quoted).join(', ')}]`,
      },
      { name: 'template', expression: template('object') },
      { name: 'oldTemplate', expression: template('oldObject') },
    ],
    validations: validations(options).map((validation) => ({ ...validation, reason: 'Forbidden' })),
  },
  binding: { policyName: name, validationActions: ['Deny'] },
});
