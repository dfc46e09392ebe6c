/** Real heartbeats have about 1,200 characters. The limit also bounds what the expressions below are tried on. */
const MOST = 2048;

/** JSON, written as regular expressions: a text, and an object that has only the given pairs, in any order. */
const STRING = String.raw`"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"`;
/** A text in which nothing has to be escaped. */
const PLAIN = String.raw`"[^"\\\x00-\x1f]*"`;
const object = (pair: string): string => String.raw`\{(?:(?:${pair})(?:,(?:${pair}))*)?\}`;
const LOG = String.raw`"projects/[a-z0-9.:-]+/logs/cloudaudit\.googleapis\.com(?:%2F|/)(?:activity|data_access)"`;

/** What an entry says beside its payload. Neither this nor OTHERS decides whether the entry is a heartbeat. */
const AROUND = [
  `"(?:insertId|timestamp|receiveTimestamp|severity)":${PLAIN}`,
  `"labels":${object(`${PLAIN}:${STRING}`)}`,
  `"logName":${LOG}`,
  `"operation":${object(`"(?:id|producer)":${PLAIN}|"(?:first|last)":(?:true|false)`)}`,
  `"resource":${object(`"type":"k8s_cluster"|"labels":${object(`"(?:project_id|location|cluster_name)":${PLAIN}`)}`)}`,
].join('|');
/** What a payload says beside the method, the resource and the caller. A refusal has another code. */
const OTHERS = [
  String.raw`"@type":"type\.googleapis\.com/google\.cloud\.audit\.AuditLog"`,
  String.raw`"serviceName":"k8s\.io"`,
  String.raw`"authorizationInfo":\[${object(String.raw`"(?:resource|permission|permissionType)":${PLAIN}|"granted":true|"resourceAttributes":\{\}`)}\]`,
  `"requestMetadata":${object(String.raw`"(?:callerIp|callerNetwork|callerSuppliedUserAgent)":${STRING}|"(?:request|destination)Attributes":\{\}`)}`,
  `"status":${object(`"code":(?:0|10)|"message":${STRING}`)}`,
].join('|');

/** A payload with each of the three pairs once, in any order. */
const payload = (method: string, resource: string, principal: string): string => {
  const one = `"methodName":"${method}"`;
  const two = `"resourceName":"${resource}"`;
  const three = String.raw`"authenticationInfo":\{"principalEmail":"${principal}"\}`;
  const some = `(?:(?:${OTHERS}),)*`;
  const rest = [
    [one, two, three],
    [two, one, three],
    [three, one, two],
  ].map(([a, b, c]) => `${a},${some}(?:${b},${some}${c}|${c},${some}${b})`);
  return String.raw`\{${some}(?:${rest.join('|')})(?:,(?:${OTHERS}))*\}`;
};

const entry = (of: string): RegExp =>
  new RegExp(String.raw`^\{(?:(?:${AROUND}),)*"protoPayload":${of}(?:,(?:${AROUND}))*\}$`);

/** Told apart by how the name of the resource goes on: the first such text in an entry is nearly always that name. */
const NAME = 'Name":"co';
const OF_LEASE = 'ordination.k8s.io/';
const OF_STATUS = 're/v1/namespaces/kube-system/configmaps/cluster-autoscaler-status"';

const LEASE = entry(
  payload(
    String.raw`io\.k8s\.coordination(?:\.k8s\.io)?\.v1(?:(?:alpha|beta)[12])?\.leases\.(?:update|patch)`,
    String.raw`coordination\.k8s\.io/v1(?:(?:alpha|beta)[12])?/namespaces/[a-z0-9-]{1,63}/leases/[a-z0-9._:-]{1,253}`,
    'system:(?!(?:anonymous|unauthenticated)")[a-zA-Z0-9._:-]{1,253}',
  ),
);
const STATUS = entry(
  payload(
    String.raw`io\.k8s\.core\.v1\.configmaps\.(?:update|patch)`,
    'core/v1/namespaces/kube-system/configmaps/cluster-autoscaler-status',
    'system:cluster-autoscaler',
  ),
);

/**
 * Whether a text is, without doubt, the JSON of an audit log entry for which `isHeartbeat` holds: nineteen of twenty
 * lines of a cluster's whole log are, and need not be parsed then. The expressions allow only pairs that are known, so
 * nothing that a stranger writes into a value can pass for another pair. An entry with anything else in it, or written
 * with spaces, is none, and has to be parsed.
 */
export const isHeartbeatText = (text: string): boolean => {
  if (text.length > MOST) return false;
  const at = text.indexOf(NAME) + NAME.length;
  if (text.startsWith(OF_LEASE, at)) return LEASE.test(text);
  return text.startsWith(OF_STATUS, at) && STATUS.test(text);
};
