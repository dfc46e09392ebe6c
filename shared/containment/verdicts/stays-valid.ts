import { accountProject } from '../../deployment.ts';
import { kubectlFor } from '../../kubernetes/kube-context.ts';
import { isEmail, isLabelName, isProjectId, isSubdomain } from '../../kubernetes/names.ts';
import type { KubeObject } from '../../kubernetes/object.ts';
import type { Instance } from '../../model/compute.ts';
import type { Revocation } from '../../model/entry.ts';
import type { ClusterRef } from '../../model/target.ts';
import type { SecretUse } from './secrets.ts';

/** The annotation with which Workload Identity names the Google identity of a service account. */
const GOOGLE_ACCOUNT = 'iam.gke.io/gcp-service-account';

/** What was read about a pod's identities; what could not be read is empty or undefined here. */
export type Identities = {
  project: string;
  cluster: ClusterRef | undefined;
  namespace: string;
  account: string;
  serviceAccount: KubeObject | undefined;
  bindings: readonly KubeObject[];
  secrets: readonly SecretUse[];
  instance: Instance | undefined;
  /** What could not be read, and why. */
  unread: readonly string[];
};

/** The rights of a pod that outlive its containment, and how each is revoked. */
type StaysValid = {
  serviceAccount: string;
  googleServiceAccount?: string;
  bindings: Array<{ kind: string; name: string }>;
  secrets: SecretUse[];
  node: Array<{ email: string; scopes: string[] }>;
  unread: string[];
  revoke: Revocation[];
};

/** Whether a name is safe in a shell command. RBAC names may contain colons, which a shell does not interpret. */
const isBindingName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9:._-]{0,252}$/.test(name);

/** Whoever pastes a command may have another cluster as kubectl's current one, with objects of the same names. */
const kubectl = ({ cluster }: Identities): string => kubectlFor(cluster);

/** gcloud takes the project that it is set to where none is named, and fails where it is set to none. */
const ownProject = ({ project }: Pick<Identities, 'project'>, email: string): string =>
  `--project=${accountProject(email) ?? project}`;

const ofAccount = (of: Identities): Revocation[] => {
  const { namespace, account } = of;
  return isLabelName(namespace) && isSubdomain(account)
    ? [
        {
          ends: `every token of service account ${namespace}/${account}, for all pods that use it`,
          command: `${kubectl(of)} -n ${namespace} delete serviceaccount ${account}`,
        },
      ]
    : [];
};

const ofGoogle = (of: Identities, google: string | undefined): Revocation[] => {
  const { project, namespace, account } = of;
  return google !== undefined &&
    isEmail(google) &&
    isProjectId(project) &&
    isLabelName(namespace) &&
    isSubdomain(account)
    ? [
        {
          ends: `the use of ${google} by that service account (tokens already given out stay valid for up to an hour)`,
          command: `gcloud iam service-accounts remove-iam-policy-binding ${google} --role=roles/iam.workloadIdentityUser --member='serviceAccount:${project}.svc.id.goog[${namespace}/${account}]' ${ownProject(of, google)}`,
        },
        {
          ends: `the Google identity ${google}, for everyone who uses it`,
          command: `gcloud iam service-accounts disable ${google} ${ownProject(of, google)}`,
        },
      ]
    : [];
};

const ofBindings = (of: Identities): Revocation[] =>
  of.bindings.flatMap(({ kind, metadata: { name, namespace } }) => {
    if (!isBindingName(name) || (namespace !== undefined && !isLabelName(namespace))) return [];
    const place = namespace === undefined ? '' : ` -n ${namespace}`;
    const command = `${kubectl(of)}${place} delete ${kind.toLowerCase()} ${name}`;
    return [{ ends: `what ${kind} ${name} grants, for all of its subjects`, command }];
  });

const ofSecrets = (of: Identities): Revocation[] =>
  of.secrets
    .filter(({ name }) => isSubdomain(name) && isLabelName(of.namespace))
    .map(({ name }) => ({
      ends: `the copy of Secret ${of.namespace}/${name} in the cluster (first rotate at its source what it holds: the attacker may have read it)`,
      command: `${kubectl(of)} -n ${of.namespace} delete secret ${name}`,
    }));

const ofNode = (of: Pick<Identities, 'project' | 'instance'>): Revocation[] =>
  (of.instance?.serviceAccounts ?? [])
    .filter(({ email }) => isEmail(email))
    .map(({ email }) => ({
      ends: `the identity ${email}, for every node that has it (the metadata server gives its tokens to whoever reaches it)`,
      command: `gcloud iam service-accounts disable ${email} ${ownProject(of, email)}`,
    }));

/**
 * What stays valid after a pod is contained: its service account and the Google identity behind it, bindings, Secrets
 * that it could read, and the node's identity with its scopes. Names outside their grammar are listed, but never put
 * into commands.
 */
export const staysValid = (of: Identities): StaysValid => {
  const google = of.serviceAccount?.metadata.annotations?.[GOOGLE_ACCOUNT];
  return {
    serviceAccount: `${of.namespace}/${of.account}`,
    ...(google === undefined ? {} : { googleServiceAccount: google }),
    bindings: of.bindings.map(({ kind, metadata: { name } }) => ({ kind, name })),
    secrets: [...of.secrets],
    node: of.instance?.serviceAccounts ?? [],
    unread: [...of.unread],
    revoke: [...ofAccount(of), ...ofGoogle(of, google), ...ofBindings(of), ...ofSecrets(of), ...ofNode(of)],
  };
};

/** What stays valid after a node without a pod of the incident is contained: its own identity with its scopes. */
export const nodeStaysValid = (
  of: Pick<Identities, 'project' | 'instance' | 'unread'>,
): Pick<StaysValid, 'node' | 'unread' | 'revoke'> => ({
  node: of.instance?.serviceAccounts ?? [],
  unread: [...of.unread],
  revoke: ofNode(of),
});
