import { isEmail, isLabelName, isProjectId, isSubdomain } from '../../kubernetes/names.ts';
import type { KubeObject } from '../../kubernetes/object.ts';
import type { Instance } from '../../model/compute.ts';
import type { Revocation } from '../../model/entry.ts';
import type { SecretUse } from './secrets.ts';

/** The annotation with which Workload Identity names the Google identity of a service account. */
const GOOGLE_ACCOUNT = 'iam.gke.io/gcp-service-account';

/** What was read about a pod's identities; what could not be read is empty or undefined here. */
export type Identities = {
  project: string;
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
export type StaysValid = {
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

const ofAccount = ({ namespace, account }: Identities): Revocation[] =>
  isLabelName(namespace) && isSubdomain(account)
    ? [
        {
          ends: `every token of service account ${namespace}/${account}, for all pods that use it`,
          command: `kubectl -n ${namespace} delete serviceaccount ${account}`,
        },
      ]
    : [];

const ofGoogle = ({ project, namespace, account }: Identities, google: string | undefined): Revocation[] =>
  google !== undefined && isEmail(google) && isProjectId(project) && isLabelName(namespace) && isSubdomain(account)
    ? [
        {
          ends: `the use of ${google} by that service account (tokens already given out stay valid for up to an hour)`,
          command: `gcloud iam service-accounts remove-iam-policy-binding ${google} --role=roles/iam.workloadIdentityUser --member='serviceAccount:${project}.svc.id.goog[${namespace}/${account}]'`,
        },
        {
          ends: `the Google identity ${google}, for everyone who uses it`,
          command: `gcloud iam service-accounts disable ${google}`,
        },
      ]
    : [];

const ofBindings = (bindings: readonly KubeObject[]): Revocation[] =>
  bindings.flatMap(({ kind, metadata: { name, namespace } }) => {
    if (!isBindingName(name) || (namespace !== undefined && !isLabelName(namespace))) return [];
    const place = namespace === undefined ? '' : ` -n ${namespace}`;
    const command = `kubectl${place} delete ${kind.toLowerCase()} ${name}`;
    return [{ ends: `what ${kind} ${name} grants, for all of its subjects`, command }];
  });

const ofSecrets = (namespace: string, secrets: readonly SecretUse[]): Revocation[] =>
  secrets
    .filter(({ name }) => isSubdomain(name) && isLabelName(namespace))
    .map(({ name }) => ({
      ends: `the copy of Secret ${namespace}/${name} in the cluster (first rotate at its source what it holds: the attacker may have read it)`,
      command: `kubectl -n ${namespace} delete secret ${name}`,
    }));

const ofNode = (instance: Instance | undefined): Revocation[] =>
  (instance?.serviceAccounts ?? [])
    .filter(({ email }) => isEmail(email))
    .map(({ email }) => ({
      ends: `the identity ${email}, for every node that has it (the metadata server gives its tokens to whoever reaches it)`,
      command: `gcloud iam service-accounts disable ${email}`,
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
    revoke: [
      ...ofAccount(of),
      ...ofGoogle(of, google),
      ...ofBindings(of.bindings),
      ...ofSecrets(of.namespace, of.secrets),
      ...ofNode(of.instance),
    ],
  };
};
