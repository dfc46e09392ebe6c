import type { PrincipalClass } from '../model/signal.ts';
import { toldOfText } from '../told-of-text.ts';

/** Namespaces whose service accounts belong to the cluster's own machinery. */
const SYSTEM_ACCOUNT =
  /^system:serviceaccount:(kube-system|gke-managed-[a-z0-9-]{1,50}|gke-gmp-system|gmp-system|config-management-system|gatekeeper-system|cert-manager):[^:]+$/;

/** Cluster components, by the names in their certificates and tokens. */
const SYSTEM_NAME =
  /^system:(kube-[a-z0-9-]{1,60}|gke-[a-z0-9-]{1,60}|node:[a-z0-9.-]{1,253}|apiserver|addon-manager|cluster-autoscaler|cloud-controller-manager|gcp-controller-manager|pdcsi-controller|filestorecsi-controller|anet-controller-manager|vpa-recommender|metrics-server-nanny|konnectivity-server|kubestore-collector|clustermetrics)$/;

/** A pattern for most principals of class `system`, in syntax that RE2 and JavaScript share, without backslashes. */
export const SYSTEM_PATTERN = `${SYSTEM_ACCOUNT.source}|${SYSTEM_NAME.source}`;

const BOOTSTRAP = ['kubelet-nodepool-bootstrap', 'kubelet-bootstrap', 'gcp:kube-bootstrap'];

/** The service agent with which GKE itself manages clusters; the number is that of a project. */
const GKE_ROBOT = /^service-[0-9]{1,20}@container-engine-robot[.]iam[.]gserviceaccount[.]com$/i;

/** A pattern for the other principals of class `system`; to be matched without regard to case. */
export const OTHER_SYSTEM_PATTERN = `^(${BOOTSTRAP.join('|')})$|${GKE_ROBOT.source}`;

/** A Google service account. The dot matters: `mallory@evilgserviceaccount.com` is somebody's mail address. */
const GOOGLE_ACCOUNT = /^[^@\s]{1,128}@[^@\s]{1,190}\.gserviceaccount\.com$/i;

/** A Kubernetes service account as Google Cloud names it. */
const FEDERATED_ACCOUNT = /^[a-z0-9.:-]{1,100}\.svc\.id\.goog\[[^\]]{1,320}\]$/;

const MAIL = /^[^@\s]{1,128}@[^@\s]{1,190}\.[^@\s.]{2,63}$/;
/** The names of callers without a credential. */
export const ANONYMOUS: readonly string[] = ['system:anonymous', 'system:unauthenticated'];

/**
 * The class of a principal, by its name. `system` only says that it belongs to the cluster's machinery, and exempts it
 * from nothing. An unknown name is `unattributed`, never human or system.
 */
export const principalClassOf = (principal: string | undefined): PrincipalClass =>
  principal === undefined ? 'unattributed' : classOf(principal);

const classOf = toldOfText((principal): PrincipalClass => {
  if (isAnonymous(principal)) return 'anonymous';
  if (SYSTEM_NAME.test(principal) || SYSTEM_ACCOUNT.test(principal) || BOOTSTRAP.includes(principal)) return 'system';
  if (GKE_ROBOT.test(principal)) return 'system';
  if (/^system:serviceaccount:[^:]+:[^:]+$/.test(principal) || FEDERATED_ACCOUNT.test(principal)) return 'workload';
  if (GOOGLE_ACCOUNT.test(principal)) return 'automation';
  if (/^principal:\/\/.*\/workloadIdentityPools\//.test(principal)) return 'automation';
  if (/^principal:\/\/.*\/workforcePools\//.test(principal)) return 'human';
  return MAIL.test(principal) ? 'human' : 'unattributed';
});

/** Whether a call carried no credential: the same as class `anonymous`, but cheaper to find out. */
export const isAnonymous = (principal: string | undefined): boolean =>
  principal !== undefined && ANONYMOUS.includes(principal);

/** Whether a program's account (workload or automation) made a call. It does the same every day, without a person. */
export const isProgram = ({ principalClass }: { principalClass: PrincipalClass }): boolean =>
  principalClass === 'workload' || principalClass === 'automation';
