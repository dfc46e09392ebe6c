/**
 * The platform's own grammars. Every name from outside passes one of these before it becomes part of a URL, a
 * selector, a command or a log field.
 */
const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** The letters and digits of the ends that Kubernetes gives to names. */
const GENERATED = '[bcdfghjklmnpqrstvwxz2456789]';
/** What the names of a Deployment's ReplicaSets add to its own, as the source of a pattern. */
export const REPLICA_SET_END = `-${GENERATED}{6,10}`;
/** What the names of pods add to that of their controller, as the source of a pattern. */
export const POD_END = `-${GENERATED}{5}`;

/** RFC 1123 label, as a Namespace is named (at most 63). */
export const isLabelName = (text: string): boolean => LABEL.test(text);

/** RFC 1123 subdomain, as a Pod, Node or workload is named (at most 253). */
export const isSubdomain = (text: string): boolean => text.length <= 253 && SUBDOMAIN.test(text);

/** A Google Cloud project id, domain-scoped ones (`example.com:p1`) included. */
export const isProjectId = (text: string): boolean =>
  /^([a-z0-9.-]{1,63}:)?[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text);

/** A region, a zone or an AI zone, such as `europe-west1`, `europe-west1-b` or `us-central1-ai1a`. */
export const isLocation = (text: string): boolean => /^[a-z]{2,20}-[a-z]{2,20}\d{1,2}(-(ai\d{1,2})?[a-z])?$/.test(text);

/** RFC 1035 label of at most 63, as clusters, instances and disks are named. */
export const isClusterName = (text: string): boolean => /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text);

/** A Compute Engine resource name (instance, disk, group, snapshot, network, tag). */
export const isComputeName = isClusterName;

/** A Cloud Storage bucket, names with dots included. */
export const isBucketName = (text: string): boolean => /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/.test(text);

/** A Kubernetes kind, such as `Deployment`. */
export const isKind = (text: string): boolean => /^[A-Z][A-Za-z0-9]{0,62}$/.test(text);

/** A Kubernetes UID: RFC 4122 in practice; mirror pods carry 32 hex digits. */
export const isUid = (text: string): boolean =>
  /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/.test(text) || isInstanceId(text);

/** A Compute Engine instance id: an unsigned 64-bit number in decimal. */
export const isInstanceId = (text: string): boolean => /^[1-9]\d{0,19}$/.test(text);

/** The longest principal that we keep. A Kubernetes service account may take 339 characters, with its namespace. */
export const MAX_PRINCIPAL = 512;

/**
 * A principal as Kubernetes or Google Cloud write one: no space, no control character, no double quote. A single quote
 * is allowed (o'brien), so a command that names a principal must quote it for the shell.
 */
export const isPrincipal = (text: string): boolean =>
  text.length <= MAX_PRINCIPAL && /^[A-Za-z0-9][A-Za-z0-9._%+:@/#'-]*$/.test(text);

/** An e-mail address as an operator claims it. */
export const isEmail = (text: string): boolean =>
  text.length <= 254 && /^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+$/.test(text);

/** A container name. */
export const isContainerName = isLabelName;
