import { setTimeout as sleep } from 'node:timers/promises';
import { makeKubernetesWriter } from '../../shared/adapters/kubernetes.ts';
import { Denied } from '../../shared/errors.ts';
import { applyAll, printedAccess } from '../kit/access.ts';
import { IDENTITIES } from './identities.ts';
import { sharedApiServer } from './shared.ts';

let granted: Promise<void> | undefined;

/** Applies what `firebreak rbac` prints, once, and waits until the server enforces it. */
export const grantOurs = (): Promise<void> => {
  granted ??= (async () => {
    const server = await sharedApiServer();
    const admin = makeKubernetesWriter(server.wire('admin'));
    const ids = { contain: IDENTITIES['firebreak-contain-id'].user, decide: IDENTITIES['firebreak-decide-id'].user };
    await applyAll(admin, await printedAccess(ids));
    await admin.create({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace: 'firebreak' },
    });
    const contain = makeKubernetesWriter(server.wire('firebreak-contain'));
    const probe = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'not-ours', namespace: 'firebreak' },
      spec: { podSelector: {} },
    };
    for (let tries = 0; tries < 100; tries += 1) {
      const made = await contain.create(probe).catch((thrown: unknown) => thrown);
      if (made instanceof Denied && /ValidatingAdmissionPolicy/.test(made.message)) return;
      if (!(made instanceof Error)) {
        const uid = Object(made).metadata.uid;
        await admin.delete({ ...probe, namespace: 'firebreak', name: 'not-ours' }, { uid });
      }
      await sleep(100);
    }
    throw new Error('the admission policy is not in force after 10 s');
  })();
  return granted;
};

export type Question = { verb: string; group?: string; resource: string; subresource?: string; namespace?: string };

/** Whether a user may do something, according to the server. */
export const mayUser = async (user: string, { group = '', ...resource }: Question): Promise<boolean> => {
  const wire = (await sharedApiServer()).wire('admin');
  const { body } = await wire({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
    contentType: 'application/json',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { user, resourceAttributes: { group, ...resource } },
    },
  });
  return Object(body).status.allowed === true;
};

const RBAC = 'rbac.authorization.k8s.io';

/** Runs `work` while contain may also create pods anywhere, as if somebody had granted that by mistake. */
export const whilePodsMayBeMade = async (work: () => Promise<void>): Promise<void> => {
  const admin = makeKubernetesWriter((await sharedApiServer()).wire('admin'));
  const user = IDENTITIES['firebreak-contain'].user;
  const apiVersion = `${RBAC}/v1`;
  const metadata = { name: 'too-much' };
  const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['create'] }];
  const role = await admin.create({ apiVersion, kind: 'ClusterRole', metadata, rules });
  const binding = await admin.create({
    apiVersion,
    kind: 'ClusterRoleBinding',
    metadata,
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'too-much' },
    subjects: [{ apiGroup: RBAC, kind: 'User', name: user }],
  });
  // The authorizer uses what its informers have seen, which lags behind.
  const until = async (allowed: boolean): Promise<void> => {
    while ((await mayUser(user, { verb: 'create', resource: 'pods', namespace: 'default' })) !== allowed)
      await sleep(20);
  };
  try {
    await until(true);
    await work();
  } finally {
    for (const { kind, metadata: made } of [binding, role])
      await admin.delete({ apiVersion, kind, name: made.name }, { uid: made.uid });
    await until(false);
  }
};
