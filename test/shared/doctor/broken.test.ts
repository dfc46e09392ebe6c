import { strict as assert } from 'node:assert';
import type { Verdict } from '../../../shared/doctor/check.ts';
import type { Expected } from '../../../shared/doctor/readers.ts';
import { CHECKS } from '../../../shared/doctor/registry.ts';
import { type Deployment, healthy, LOCATION } from './deployment.ts';
import { EXPECTED, examineProject } from './kit.ts';

type Json = Record<string, unknown>;

/** One thing that is broken, and how it must be told. */
type Broken = {
  what: string;
  check: string;
  status: 'warn' | 'fail';
  subject: string;
  says: RegExp;
  next: RegExp;
  expected?: Partial<Expected>;
  breaks?(deployment: Deployment): void;
};

const named = (all: Json[], end: string): Json => {
  const found = all.find((one) => String(one.name).endsWith(end));
  assert.ok(found, end);
  return found;
};
const without = (all: Json[], end: string): Json[] => {
  named(all, end);
  return all.filter((one) => !String(one.name).endsWith(end));
};
const part = (of: Json, key: string): Json => Object(of[key]);

const fn = (d: Deployment, name: string): Json => named(d.functions, `/functions/firebreak-${name}`);
const sub = (d: Deployment, name: string): Json => named(d.subscriptions, `/subscriptions/firebreak-${name}`);
const sinkOf = (d: Deployment): Json => named(d.sinks, 'firebreak-audit-log');
const bucketOf = (d: Deployment): Json => Object(d.buckets['p1-firebreak-evidence']);
const job = (d: Deployment): Json => named(d.jobs, '/jobs/firebreak-tick');
const cluster = (d: Deployment) => {
  const found = d.clusters[`${LOCATION}/c1`];
  assert.ok(found);
  return found;
};
const object = (d: Deployment, kind: string, name: string): Json => {
  const found = cluster(d).objects.find((one) => one.kind === kind && Object(one.metadata).name === name);
  assert.ok(found, `${kind} ${name}`);
  return found;
};
const start = (d: Deployment, name: string, arrow: string): Json => {
  const found = d.entries
    .map((one) => part(one, 'jsonPayload'))
    .find((one) => one.function === name && one.arrow === arrow);
  assert.ok(found);
  return found;
};

const APPLY = /^terraform apply$/;
const DESCRIBE = /^gcloud functions describe firebreak-decide --region=europe-west1 --project=p1$/;
const C1 = 'p1/europe-west1/c1';
const RBAC = /get-credentials c1 .* && firebreak rbac --project p1 \| kubectl apply -f -$/;

const BROKEN: readonly Broken[] = [
  {
    what: 'a function that is not deployed',
    check: 'functions',
    status: 'fail',
    subject: 'firebreak-decide',
    says: /not deployed/,
    next: APPLY,
    breaks: (d) => {
      d.functions = without(d.functions, '/firebreak-decide');
    },
  },
  {
    what: 'a function that failed to deploy',
    check: 'functions',
    status: 'fail',
    subject: 'firebreak-decide',
    says: /is FAILED: the container does not start/,
    next: DESCRIBE,
    breaks: (d) =>
      Object.assign(fn(d, 'decide'), { state: 'FAILED', stateMessages: [{ message: 'the container does not start' }] }),
  },
  {
    what: 'a function that the internet reaches',
    check: 'functions',
    status: 'fail',
    subject: 'firebreak-decide',
    says: /from everywhere/,
    next: APPLY,
    breaks: (d) => Object.assign(part(fn(d, 'decide'), 'serviceConfig'), { ingressSettings: 'ALLOW_ALL' }),
  },
  {
    what: 'two functions with one identity',
    check: 'functions',
    status: 'fail',
    subject: 'firebreak-decide',
    says: /shares its identity with firebreak-contain/,
    next: APPLY,
    breaks: (d) => {
      const { serviceAccountEmail } = part(fn(d, 'contain'), 'serviceConfig');
      Object.assign(part(fn(d, 'decide'), 'serviceConfig'), { serviceAccountEmail });
    },
  },
  {
    what: 'another runtime',
    check: 'functions',
    status: 'warn',
    subject: 'firebreak-decide',
    says: /runs on nodejs22/,
    next: APPLY,
    breaks: (d) => Object.assign(part(fn(d, 'decide'), 'buildConfig'), { runtime: 'nodejs22' }),
  },
  {
    what: 'a topic that is gone',
    check: 'topics',
    status: 'fail',
    subject: 'firebreak-findings',
    says: /not there/,
    next: APPLY,
    breaks: (d) => {
      d.topics = without(d.topics, '/firebreak-findings');
    },
  },
  {
    what: 'a subscription that is gone',
    check: 'subscriptions',
    status: 'fail',
    subject: 'firebreak-decide-findings',
    says: /not there/,
    next: APPLY,
    breaks: (d) => {
      d.subscriptions = without(d.subscriptions, '/firebreak-decide-findings');
    },
  },
  ...(
    [
      ['a deleted topic', { topic: '_deleted-topic_' }, /is of topic _deleted-topic_/],
      ['a state of error', { state: 'RESOURCE_ERROR' }, /is RESOURCE_ERROR/],
      ['an end after a month', { expirationPolicy: { ttl: '2678400s' } }, /deleted after a month/],
      ['the default end', { expirationPolicy: undefined }, /deleted after a month/],
      ['no dead letters', { deadLetterPolicy: undefined }, /does not go to firebreak-dead-letters/],
      [
        'five deliveries',
        { deadLetterPolicy: { deadLetterTopic: 'projects/p1/topics/firebreak-dead-letters', maxDeliveryAttempts: 5 } },
        /gives up after 5 deliveries, not 10/,
      ],
      ['no backoff', { retryPolicy: undefined }, /tries again after 0 to 0 s, not 10 to 600 s/],
      ['a short deadline', { ackDeadlineSeconds: 10 }, /waits 10 s/],
      ['a filter', { filter: 'attributes.x = "y"' }, /has a filter/],
      ['no push', { pushConfig: {} }, /pushes nowhere/],
    ] as const
  ).map(
    ([what, change, says]): Broken => ({
      what: `a subscription with ${what}`,
      check: 'subscriptions',
      status: 'fail',
      subject: 'firebreak-decide-findings',
      says,
      next: APPLY,
      breaks: (d) => Object.assign(sub(d, 'decide-findings'), change),
    }),
  ),
  ...(
    [
      [
        "another's address",
        { pushEndpoint: 'https://elsewhere.example.com/projects/p1/topics/firebreak-findings' },
        /pushes to https:\/\/elsewhere/,
      ],
      [
        'no topic in its address',
        { pushEndpoint: 'https://firebreak-decide-abc123-ew.a.run.app/' },
        /does not end with \/projects\/p1\/topics\/firebreak-findings/,
      ],
      ['no identity', { oidcToken: undefined }, /carry no identity/],
      [
        'tokens for another',
        { oidcToken: { serviceAccountEmail: 'firebreak-push@p1.iam.gserviceaccount.com', audience: 'https://other' } },
        /tokens are for https:\/\/other/,
      ],
    ] as const
  ).map(
    ([what, change, says]): Broken => ({
      what: `pushes with ${what}`,
      check: 'subscriptions',
      status: 'fail',
      subject: 'firebreak-decide-findings',
      says,
      next: APPLY,
      breaks: (d) => Object.assign(part(sub(d, 'decide-findings'), 'pushConfig'), change),
    }),
  ),
  {
    what: 'a subscription of a stranger',
    check: 'subscriptions',
    status: 'warn',
    subject: 'spy',
    says: /reads firebreak-findings/,
    next: /subscriptions describe spy/,
    breaks: (d) => void d.subscriptions.push({ ...sub(d, 'decide-findings'), name: 'projects/p1/subscriptions/spy' }),
  },
  {
    what: 'a function that everybody may call',
    check: 'delivery',
    status: 'fail',
    subject: 'firebreak-contain',
    says: /may be called by allUsers/,
    next: APPLY,
    breaks: (d) =>
      void d.policies['services/firebreak-contain']?.bindings.push({
        role: 'roles/run.invoker',
        members: ['allUsers'],
      }),
  },
  {
    what: 'a function that refuses its pushes',
    check: 'delivery',
    status: 'fail',
    subject: 'firebreak-contain',
    says: /refuses its own pushes: firebreak-push@/,
    next: APPLY,
    breaks: (d) => {
      d.policies['services/firebreak-contain'] = { bindings: [] };
    },
  },
  {
    what: 'dead letters that nobody may write',
    check: 'delivery',
    status: 'fail',
    subject: 'firebreak-dead-letters',
    says: /may not publish/,
    next: APPLY,
    breaks: (d) => {
      d.policies['topics/firebreak-dead-letters'] = { bindings: [] };
    },
  },
  {
    what: 'dead letters that nobody may take out',
    check: 'delivery',
    status: 'fail',
    subject: 'firebreak-contain-containment',
    says: /may not take messages/,
    next: APPLY,
    breaks: (d) => {
      d.policies['subscriptions/firebreak-contain-containment'] = { bindings: [] };
    },
  },
  {
    what: 'no sink',
    check: 'sink',
    status: 'fail',
    subject: 'firebreak-audit-log',
    says: /fed by no sink/,
    next: APPLY,
    breaks: (d) => {
      d.sinks = without(d.sinks, 'firebreak-audit-log');
    },
  },
  {
    what: 'a sink with another filter',
    check: 'sink',
    status: 'fail',
    subject: 'firebreak-audit-log',
    says: /filter is not that of `firebreak filter`/,
    next: APPLY,
    breaks: (d) => Object.assign(sinkOf(d), { filter: 'severity>=ERROR' }),
  },
  {
    what: 'a disabled sink',
    check: 'sink',
    status: 'fail',
    subject: 'firebreak-audit-log',
    says: /disabled/,
    next: /^gcloud logging sinks update firebreak-audit-log --no-disabled --project=p1$/,
    breaks: (d) => Object.assign(sinkOf(d), { disabled: true }),
  },
  {
    what: 'a sink with an exclusion',
    check: 'sink',
    status: 'fail',
    subject: 'firebreak-audit-log',
    says: /by its exclusion quiet/,
    next: /--remove-exclusions=quiet/,
    breaks: (d) => Object.assign(sinkOf(d), { exclusions: [{ name: 'quiet', filter: 'x' }] }),
  },
  {
    what: 'a sink that may not publish',
    check: 'sink',
    status: 'fail',
    subject: 'firebreak-audit-log',
    says: /may not publish to firebreak-audit-log/,
    next: APPLY,
    breaks: (d) => {
      d.policies['topics/firebreak-audit-log'] = { bindings: [] };
    },
  },
  {
    what: 'Data Access logs that are off while rules on exec are on',
    check: 'data-access',
    status: 'fail',
    subject: 'k8s.io',
    says: /off in p1 \(ADMIN_READ, DATA_READ, DATA_WRITE\), and rules on exec are on/,
    next: APPLY,
    breaks: (d) => {
      d.policy.auditConfigs = d.policy.auditConfigs.filter(({ service }) => service !== 'k8s.io');
    },
  },
  {
    what: 'Data Access logs that are off where no rule on exec is on',
    check: 'data-access',
    status: 'warn',
    subject: 'k8s.io',
    says: /reads are not seen/,
    next: APPLY,
    expected: { rules: { ...EXPECTED.rules, exec: false } },
    breaks: (d) => {
      d.policy.auditConfigs = d.policy.auditConfigs.filter(({ service }) => service !== 'k8s.io');
    },
  },
  {
    what: 'somebody who is not logged',
    check: 'data-access',
    status: 'warn',
    subject: 'k8s.io',
    says: /not logged: user:eve@example.com/,
    next: APPLY,
    breaks: (d) =>
      void Object(Object(d.policy.auditConfigs[0]).auditLogConfigs)[1].exemptedMembers?.push('user:eve@example.com'),
  },
  {
    what: 'requests whose senders are not logged',
    check: 'data-access',
    status: 'warn',
    subject: 'pubsub.googleapis.com',
    says: /not logged/,
    next: APPLY,
    breaks: (d) => {
      d.policy.auditConfigs = d.policy.auditConfigs.filter(({ service }) => service === 'k8s.io');
    },
  },
  {
    what: 'no tick',
    check: 'tick',
    status: 'fail',
    subject: 'firebreak-tick',
    says: /nothing publishes to firebreak-tick/,
    next: APPLY,
    breaks: (d) => {
      d.jobs = [];
    },
  },
  ...(
    [
      ['paused', { state: 'PAUSED' }, /is PAUSED/, /^gcloud scheduler jobs resume firebreak-tick /],
      ['hourly', { schedule: '0 * * * *' }, /not every minute/, APPLY],
      ['late', { lastAttemptTime: '2026-11-03T02:14:00Z' }, /60 min ago/, /jobs run firebreak-tick/],
      ['never run', { lastAttemptTime: undefined }, /has never run/, /jobs run/],
      ['refused', { status: { code: 7, message: 'permission denied' } }, /permission denied/, /jobs run/],
    ] as const
  ).map(
    ([what, change, says, next]): Broken => ({
      what: `a tick that is ${what}`,
      check: 'tick',
      status: 'fail',
      subject: 'firebreak-tick',
      says,
      next,
      breaks: (d) => Object.assign(job(d), change),
    }),
  ),
  {
    what: 'a cluster that is gone',
    check: 'clusters',
    status: 'fail',
    subject: C1,
    says: /There is no cluster/,
    next: /clusters describe c1/,
    breaks: (d) => void d.refused.set('container /v1/projects/p1/locations/europe-west1/clusters/c1', 404),
  },
  {
    what: 'a cluster that may not be described',
    check: 'clusters',
    status: 'fail',
    subject: C1,
    says: /grant container.clusters.get/,
    next: /clusters describe c1/,
    breaks: (d) => void d.refused.set('container /', 403),
  },
  {
    what: 'an API server that does not answer',
    check: 'clusters',
    status: 'fail',
    subject: C1,
    says: /503/,
    next: /--enable-dns-access$/,
    breaks: (d) => void d.refused.set('kubernetes /europe-west1/c1/api/v1', 503),
  },
  {
    what: 'a cluster that does not enforce network policies',
    check: 'clusters',
    status: 'warn',
    subject: C1,
    says: /does not enforce network policies/,
    next: /--enable-network-policy$/,
    breaks: (d) => Object.assign(part(cluster(d).described, 'networkConfig'), { datapathProvider: 'LEGACY_DATAPATH' }),
  },
  {
    what: 'no cluster at all',
    check: 'clusters',
    status: 'fail',
    subject: 'clusters',
    says: /no cluster is served/,
    next: APPLY,
    breaks: (d) => {
      delete part(part(fn(d, 'contain'), 'serviceConfig'), 'environmentVariables').FIREBREAK_CLUSTERS;
    },
  },
  {
    what: 'a role that is gone',
    check: 'cluster-access',
    status: 'fail',
    subject: C1,
    says: /ClusterRole firebreak-contain is not there/,
    next: RBAC,
    breaks: (d) => {
      const all = cluster(d);
      all.objects = all.objects.filter((one) => one !== object(d, 'ClusterRole', 'firebreak-contain'));
    },
  },
  {
    what: 'a role that grants more',
    check: 'cluster-access',
    status: 'fail',
    subject: C1,
    says: /ClusterRole firebreak-decide is not as .* \(rules\)/,
    next: RBAC,
    breaks: (d) =>
      void Object(object(d, 'ClusterRole', 'firebreak-decide').rules).push({
        apiGroups: ['*'],
        resources: ['*'],
        verbs: ['*'],
      }),
  },
  {
    what: 'a binding to somebody else too',
    check: 'cluster-access',
    status: 'fail',
    subject: C1,
    says: /ClusterRoleBinding firebreak-contain is not as .* \(subjects\)/,
    next: RBAC,
    breaks: (d) =>
      void Object(object(d, 'ClusterRoleBinding', 'firebreak-contain').subjects).push({
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'User',
        name: 'eve@example.com',
      }),
  },
  {
    what: 'an admission policy that only warns',
    check: 'cluster-access',
    status: 'fail',
    subject: C1,
    says: /ValidatingAdmissionPolicyBinding firebreak-contain is not as .* \(spec.validationActions/,
    next: RBAC,
    breaks: (d) =>
      Object.assign(part(object(d, 'ValidatingAdmissionPolicyBinding', 'firebreak-contain'), 'spec'), {
        validationActions: ['Warn'],
      }),
  },
  {
    what: 'a quarantine rule that is missing',
    check: 'quarantine-rules',
    status: 'warn',
    subject: 'projects/p1/global/networks/default',
    says: /has no rule firebreak-default-.*-deny-ingress-ipv4/,
    next: APPLY,
    breaks: (d) => {
      const name = Object.keys(d.firewalls).find((one) => one.endsWith('ingress-ipv4'));
      assert.ok(name);
      delete d.firewalls[name];
    },
  },
  {
    what: 'a quarantine rule that is disabled',
    check: 'quarantine-rules',
    status: 'warn',
    subject: 'projects/p1/global/networks/default',
    says: /-deny-egress-ipv6 that is not as it should be/,
    next: APPLY,
    breaks: (d) => {
      const name = Object.keys(d.firewalls).find((one) => one.endsWith('egress-ipv6'));
      Object.assign(Object(d.firewalls[name ?? '']), { disabled: true });
    },
  },
  {
    what: 'a database that is gone',
    check: 'databases',
    status: 'fail',
    subject: 'memory',
    says: /not there/,
    next: APPLY,
    breaks: (d) => {
      d.databases = without(d.databases, '/memory');
    },
  },
  ...(
    [
      ['in Datastore mode', { type: 'DATASTORE_MODE' }, 'fail', /in DATASTORE_MODE mode/],
      ['unprotected', { deleteProtectionState: 'DELETE_PROTECTION_DISABLED' }, 'warn', /deleted by mistake/],
      [
        'without history',
        { pointInTimeRecoveryEnablement: 'POINT_IN_TIME_RECOVERY_DISABLED' },
        'warn',
        /point-in-time/,
      ],
    ] as const
  ).map(
    ([what, change, status, says]): Broken => ({
      what: `a database ${what}`,
      check: 'databases',
      status,
      subject: 'incidents',
      says,
      next: APPLY,
      breaks: (d) => Object.assign(named(d.databases, '/incidents'), change),
    }),
  ),
  {
    what: 'a bucket that is gone',
    check: 'evidence',
    status: 'fail',
    subject: 'gs://p1-firebreak-evidence',
    says: /not there/,
    next: APPLY,
    breaks: (d) => {
      d.buckets = {};
    },
  },
  {
    what: 'a contain without a bucket',
    check: 'evidence',
    status: 'fail',
    subject: 'evidence',
    says: /told of no bucket/,
    next: APPLY,
    breaks: (d) => {
      delete part(part(fn(d, 'contain'), 'serviceConfig'), 'environmentVariables').FIREBREAK_EVIDENCE;
    },
  },
  {
    what: 'evidence without retention',
    check: 'evidence',
    status: 'fail',
    subject: 'gs://p1-firebreak-evidence',
    says: /no retention/,
    next: APPLY,
    breaks: (d) => Object.assign(bucketOf(d), { retentionPolicy: undefined }),
  },
  {
    what: 'evidence whose retention is not locked',
    check: 'evidence',
    status: 'warn',
    subject: 'gs://p1-firebreak-evidence',
    says: /keeps evidence for 400 days, .* \(not locked\)/,
    next: /^gcloud storage buckets update gs:\/\/p1-firebreak-evidence --lock-retention-period$/,
    breaks: (d) => Object.assign(part(bucketOf(d), 'retentionPolicy'), { isLocked: undefined }),
  },
  {
    what: 'evidence that can be made public',
    check: 'evidence',
    status: 'fail',
    subject: 'gs://p1-firebreak-evidence',
    says: /opened to the public/,
    next: APPLY,
    breaks: (d) => Object.assign(part(bucketOf(d), 'iamConfiguration'), { publicAccessPrevention: 'inherited' }),
  },
  {
    what: 'evidence that can be shared object by object',
    check: 'evidence',
    status: 'fail',
    subject: 'gs://p1-firebreak-evidence',
    says: /uniform access is off/,
    next: APPLY,
    breaks: (d) =>
      Object.assign(part(bucketOf(d), 'iamConfiguration'), { uniformBucketLevelAccess: { enabled: false } }),
  },
  {
    what: 'another policy in force',
    check: 'policy',
    status: 'fail',
    subject: 'contain',
    says: /has read the policy ffffffffffffffff, and policy.yaml is 0a1c5f8a7b561524/,
    next: /^firebreak policy check policy.yaml && terraform apply$/,
    breaks: (d) => Object.assign(part(start(d, 'contain', 'file -> policy'), 'fields'), { policy: 'ffffffffffffffff' }),
  },
  {
    what: 'a function that has said nothing of its policy',
    check: 'policy',
    status: 'warn',
    subject: 'contain',
    says: /has not said which policy/,
    next: /gcloud logging read contain/,
    breaks: (d) => {
      d.entries = d.entries.filter((one) => Object(one.jsonPayload).function !== 'contain');
    },
  },
  {
    what: 'a policy that only records',
    check: 'policy',
    status: 'warn',
    subject: 'policy.yaml',
    says: /mode dry-run/,
    next: /^firebreak policy check policy.yaml$/,
    expected: { policy: { ...EXPECTED.policy, mode: 'dry-run' } },
  },
  {
    what: 'other rules in force',
    check: 'rules',
    status: 'fail',
    subject: 'detect-threat',
    says: /has read the rules ffffffffffffffff/,
    next: /^firebreak rules --rules rules.yaml && terraform apply$/,
    breaks: (d) =>
      Object.assign(part(start(d, 'detect-threat', 'file -> rules'), 'fields'), { rules: 'ffffffffffffffff' }),
  },
  ...(
    [
      ['functions', 'functions /', 'roles/cloudfunctions.viewer'],
      ['topics', 'pubsub /v1/projects/p1/topics', 'roles/pubsub.viewer'],
      ['subscriptions', 'pubsub /v1/projects/p1/subscriptions', 'roles/pubsub.viewer'],
      ['data-access', 'projects /v3/projects/p1:getIamPolicy', 'roles/iam.securityReviewer'],
      ['delivery', 'run /', 'roles/iam.securityReviewer'],
      ['sink', 'logging /v2/projects/p1/sinks', 'roles/logging.viewer'],
      ['databases', 'firestore /', 'roles/datastore.viewer'],
      ['evidence', 'storage /', 'roles/storage.bucketViewer'],
      ['tick', 'scheduler /', 'roles/cloudscheduler.viewer'],
      ['policy', 'logging /v2/entries:list', 'roles/logging.viewer'],
    ] as const
  ).map(
    ([check, start, role]): Broken => ({
      what: `rights to read for ${check}`,
      check,
      status: 'fail',
      subject: 'p1',
      says: /^cannot be looked at: [a-z]+\.googleapis\.com\/\S+ refused \(403\)/,
      next: new RegExp(`^gcloud projects add-iam-policy-binding p1 --role=${role} --member="user:`),
      breaks: (d) => void d.refused.set(start, 403),
    }),
  ),
];

describe('firebreak doctor, each thing broken in turn', () => {
  for (const { what, check, status, subject, says, next, expected = {}, breaks } of BROKEN) {
    it(`tells of ${what}`, async () => {
      const deployment = healthy();
      for (const config of deployment.policy.auditConfigs) {
        for (const one of Object(config).auditLogConfigs) one.exemptedMembers = [];
      }
      breaks?.(deployment);
      const { examined } = await examineProject(deployment, { expected });
      const verdicts: readonly Verdict[] = examined.find((one) => one.check === check)?.verdicts ?? [];
      const told = verdicts.flatMap((one) => (one.status === 'ok' ? [] : [one]));
      const one = told.find((each) => each.subject === subject && says.test(each.says));
      assert.ok(one, JSON.stringify(told, null, 2));
      assert.equal(one.status, status);
      assert.match(one.next, next);
    });
  }

  it('has one for every check of a project that reads services', () => {
    const ofProjects = CHECKS.filter(({ about }) => about.includes('project')).map(({ id }) => id);
    const documents = ['halt', 'overdue', 'dead-letters'];
    const broken = new Set([...BROKEN.map(({ check }) => check), ...documents]);
    assert.deepEqual([...broken].toSorted(), ofProjects.toSorted());
  });
});
