import { strict as assert } from 'node:assert';
import { APPLY, type Broken, fn, type Json, part, tellsOf } from '../broken.ts';
import { type Deployment, healthy } from '../deployment.ts';
import { grant, NUMBER } from '../deployment-parts.ts';
import { statusesOf } from '../kit.ts';

const CONTAIN = 'firebreak-contain@p1.iam.gserviceaccount.com';
const NOTIFY = 'firebreak-notify@p1.iam.gserviceaccount.com';
const CONSOLE = 'firebreak-console@p1.iam.gserviceaccount.com';
const roleOf = (d: Deployment, id: string): Json => {
  const found = d.roles[`projects/p1/roles/${id}`];
  assert.ok(found, id);
  return found;
};
const permissionsIn = (role: Json): unknown[] =>
  Array.isArray(role.includedPermissions) ? role.includedPermissions : [];
const bindingOf = (d: Deployment, id: string) => {
  const found = d.policy.bindings.find(({ role }) => role.endsWith(`/${id}`));
  assert.ok(found, id);
  return found;
};
const evidenceBindingOf = (d: Deployment, id: string) => {
  const found = d.policies['buckets/p1-firebreak-evidence']?.bindings.find(({ role }) => role.endsWith(`/${id}`));
  assert.ok(found, id);
  return found;
};

const lets = (d: Deployment, topic: string, role: string, member: string): void => {
  d.policies[`topics/${topic}`]?.bindings.push({ role, members: [member] });
};

/** notify with the token of a Slack app. */
const tellsSlack = (d: Deployment): void => {
  const token = { key: 'FIREBREAK_SLACK_TOKEN', projectId: 'p1', secret: 'firebreak-slack-token', version: 'latest' };
  part(fn(d, 'notify'), 'serviceConfig').secretEnvironmentVariables = [token];
};

const NODES = 'resource.name.extract("/instances/{name}").startsWith("gke-c1-")';

describe('firebreak doctor: permissions', () => {
  it('is content with the conditions for names and ids', async () => {
    const deployment = healthy();
    const ids = Array.from({ length: 9 }, (_, at) => NODES.replace('gke-c1-', String(at + 1)));
    for (const id of ['contain', 'decide', 'operate'])
      Object.assign(bindingOf(deployment, `firebreak_${id}_nodes`), {
        condition: { title: 'nodes', expression: [NODES, ...ids].join(' || ') },
      });
    assert.deepEqual(await statusesOf(deployment, 'permissions'), ['ok']);
  });

  it('is content with those who administer the project, and with the agent that makes its VMs', async () => {
    const deployment = healthy();
    for (const [role, member] of [
      ['roles/owner', 'user:ana@example.com'],
      ['roles/pubsub.admin', 'serviceAccount:terraform@p1.iam.gserviceaccount.com'],
      ['roles/editor', `serviceAccount:${NUMBER}@cloudservices.gserviceaccount.com`],
    ] as const)
      deployment.policy.bindings.push({ role, members: [member] });
    assert.deepEqual(await statusesOf(deployment, 'permissions'), ['ok']);
  });

  it('is content with a secret that its function may read', async () => {
    const deployment = healthy();
    tellsSlack(deployment);
    const reader = `serviceAccount:${NOTIFY}`;
    deployment.policies['secrets/firebreak-slack-token'] = {
      bindings: [grant('roles/secretmanager.secretAccessor', reader)],
    };
    assert.deepEqual(await statusesOf(deployment, 'permissions'), ['ok']);
  });

  it('is content with operators who may publish requests', async () => {
    const deployment = healthy();
    lets(deployment, 'firebreak-requests', 'roles/pubsub.publisher', 'group:oncall@example.com');
    assert.deepEqual(await statusesOf(deployment, 'permissions'), ['ok']);
  });
});

tellsOf('permissions', [
  ...(
    [
      ['firebreak_contain_nodes', `${NODES} || true`],
      ['firebreak_contain_nodes', 'resource.name.extract("/instances/{name}").startsWith("")'],
      ['firebreak_contain_incidents', 'resource.name.startsWith("projects/p1/databases/incidents")'],
    ] as const
  ).map(
    ([id, expression]): Broken => ({
      what: `a condition that allows more: ${expression}`,
      status: 'fail',
      subject: CONTAIN,
      says: new RegExp(`^has permissions that it does not need, by projects/p1/roles/${id}: `),
      next: /^gcloud projects remove-iam-policy-binding p1 .* --all$/,
      breaks: (d) => Object.assign(bindingOf(d, id), { condition: { title: 'wider', expression } }),
    }),
  ),
  {
    what: 'a policy that a function may not read',
    status: 'fail',
    subject: CONTAIN,
    says: /may not read the secret firebreak-policy, so no instance can start/,
    next: APPLY,
    breaks: (d) => {
      d.policies['secrets/firebreak-policy'] = { bindings: [] };
    },
  },
  {
    what: 'the secret of a notifier that notify may not read',
    status: 'fail',
    subject: NOTIFY,
    says: /may not read the secret firebreak-slack-token, so no instance can start/,
    next: APPLY,
    breaks: tellsSlack,
  },
  {
    what: 'a stranger who may bring findings',
    status: 'warn',
    subject: 'firebreak-findings',
    says: /lets user:eve@example.com publish/,
    next: /^gcloud pubsub topics remove-iam-policy-binding firebreak-findings --project=p1 --member=user:eve@example.com --role=roles\/pubsub.editor$/,
    breaks: (d) => lets(d, 'firebreak-findings', 'roles/pubsub.editor', 'user:eve@example.com'),
  },
  {
    what: 'requests from everybody',
    status: 'fail',
    subject: 'firebreak-requests',
    says: /lets allUsers publish, so anyone can forge/,
    next: /remove-iam-policy-binding firebreak-requests .* --member=allUsers --role=roles\/pubsub.publisher$/,
    breaks: (d) => lets(d, 'firebreak-requests', 'roles/pubsub.publisher', 'allUsers'),
  },
  {
    what: 'alerts of Falco from everybody',
    status: 'fail',
    subject: 'firebreak-threat',
    says: /lets allAuthenticatedUsers publish, so anyone can forge/,
    next: /remove-iam-policy-binding firebreak-threat .* --member=allAuthenticatedUsers /,
    breaks: (d) => lets(d, 'firebreak-threat', 'roles/pubsub.publisher', 'allAuthenticatedUsers'),
  },
  {
    what: "the account of the nodes' VMs, which is an editor of the project",
    status: 'warn',
    subject: 'p1',
    says: /^lets serviceAccount:123456789012-compute@developer.gserviceaccount.com publish to every topic, by roles\/editor: /,
    next: /^gcloud projects remove-iam-policy-binding p1 --member=serviceAccount:123456789012-compute@developer.gserviceaccount.com --role=roles\/editor --condition=None$/,
    breaks: (d) => {
      const members = ['cloudservices.gserviceaccount.com', 'compute@developer.gserviceaccount.com'];
      d.policy.bindings.push({
        role: 'roles/editor',
        members: [`serviceAccount:${NUMBER}@${members[0]}`, `serviceAccount:${NUMBER}-${members[1]}`],
      });
    },
  },
  {
    what: 'a right that is missing',
    status: 'fail',
    subject: CONTAIN,
    says: /lacks compute.disks.createSnapshot \(project\)/,
    next: APPLY,
    breaks: (d) => {
      const role = roleOf(d, 'firebreak_contain_project');
      role.includedPermissions = permissionsIn(role).filter((one) => one !== 'compute.disks.createSnapshot');
    },
  },
  {
    what: 'a role that is not bound',
    status: 'fail',
    subject: CONTAIN,
    says: /lacks compute.instances.\w+ \(nodes\).* more/,
    next: APPLY,
    breaks: (d) => {
      d.policy.bindings = d.policy.bindings.filter(({ role }) => !role.endsWith('/firebreak_contain_nodes'));
    },
  },
  {
    what: 'a database that is bound without its condition',
    status: 'fail',
    subject: CONTAIN,
    says: /permissions that it does not need, by projects\/p1\/roles\/firebreak_contain_incidents: datastore/,
    next: /remove-iam-policy-binding p1 .*--role=projects\/p1\/roles\/firebreak_contain_incidents --condition=None$/,
    breaks: (d) => {
      delete bindingOf(d, 'firebreak_contain_incidents').condition;
    },
  },
  {
    what: 'VMs of the whole project',
    status: 'fail',
    subject: CONTAIN,
    says: /permissions that it does not need, by projects\/p1\/roles\/firebreak_contain_nodes: compute/,
    next: /remove-iam-policy-binding/,
    breaks: (d) => {
      delete bindingOf(d, 'firebreak_contain_nodes').condition;
    },
  },
  {
    what: 'a basic role',
    status: 'fail',
    subject: 'firebreak-detect-threat@p1.iam.gserviceaccount.com',
    says: /permissions that it does not need, by roles\/editor: compute.instances.delete/,
    next: /^gcloud projects remove-iam-policy-binding p1 --member=serviceAccount:firebreak-detect-threat@p1/,
    breaks: (d) => {
      d.roles['roles/editor'] = { name: 'roles/editor', includedPermissions: ['compute.instances.delete'] };
      const members = ['serviceAccount:firebreak-detect-threat@p1.iam.gserviceaccount.com'];
      d.policy.bindings.push({ role: 'roles/editor', members });
    },
  },
  {
    what: 'a role that is gone',
    status: 'warn',
    subject: CONTAIN,
    says: /cannot be read: projects\/p1\/roles\/firebreak_contain_project/,
    next: /^gcloud iam roles describe projects/,
    breaks: (d) => {
      delete d.roles['projects/p1/roles/firebreak_contain_project'];
    },
  },
  {
    what: 'a topic that its function may not publish to',
    status: 'fail',
    subject: 'firebreak-decide@p1.iam.gserviceaccount.com',
    says: /may not publish to firebreak-containment/,
    next: APPLY,
    breaks: (d) => {
      d.policies['topics/firebreak-containment'] = { bindings: [] };
    },
  },
  {
    what: 'a console that may read all evidence',
    status: 'fail',
    subject: CONSOLE,
    says: /permissions that it does not need, by projects\/p1\/roles\/firebreak_console_exhibit \(evidence\): storage.objects.get/,
    next: APPLY,
    breaks: (d) => {
      delete evidenceBindingOf(d, 'firebreak_console_exhibit').condition;
    },
  },
  {
    what: 'a console that may read another exhibit',
    status: 'fail',
    subject: CONSOLE,
    says: /lacks storage.objects.get \(exhibit\)/,
    next: APPLY,
    breaks: (d) => {
      evidenceBindingOf(d, 'firebreak_console_exhibit').condition = {
        expression: 'resource.name.endsWith("/logs/manifest.json")',
      };
    },
  },
  {
    what: 'a contain that reads no more than an exhibit',
    status: 'fail',
    subject: CONTAIN,
    says: /lacks storage.objects.create \(evidence\), storage.objects.get \(evidence\)/,
    next: APPLY,
    breaks: (d) => {
      const { condition } = evidenceBindingOf(d, 'firebreak_console_exhibit');
      Object.assign(evidenceBindingOf(d, 'firebreak_contain_evidence'), { condition });
    },
  },
  {
    what: 'evidence that may be deleted',
    status: 'fail',
    subject: CONTAIN,
    says: /permissions that it does not need, by roles\/storage.objectAdmin \(evidence\): storage.objects.delete/,
    next: APPLY,
    breaks: (d) => {
      d.roles['roles/storage.objectAdmin'] = { includedPermissions: ['storage.objects.delete'] };
      const members = [`serviceAccount:${CONTAIN}`];
      d.policies['buckets/p1-firebreak-evidence']?.bindings.push({ role: 'roles/storage.objectAdmin', members });
    },
  },
]);
