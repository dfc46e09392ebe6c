import { z } from 'zod';
import { isClusterName, isLocation, isPrincipal, isProjectId } from './kubernetes/names.ts';
import type { ClusterRef } from './model/target.ts';
import { READ_ONCE } from './read-once.ts';
import { readEvidenceSetting, readStoreSetting } from './store-setting.ts';

const prefixed = (text: string, prefix: string): string | undefined =>
  text.startsWith(prefix) && text.length > prefix.length ? text.slice(prefix.length) : undefined;

const isOrigin = (text: string): boolean => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return (url?.protocol === 'http:' || url?.protocol === 'https:') && url.username === '' && url.search === '';
};

/** An optional setting that `of` reads. Where `of` gives undefined, the setting is refused with the text `expected`. */
const setting = <T>(expected: string, of: (text: string) => T | undefined) =>
  z
    .string()
    .transform((text, context): T => {
      const value = of(text);
      if (value !== undefined) return value;
      context.addIssue({ code: 'custom', message: expected });
      return z.NEVER;
    })
    .optional();

const store = setting('expected firestore:DATABASE, sqlite:PATH or memory', readStoreSetting);

const origin = setting('expected an http or https URL', (text) => (isOrigin(text) ? text : undefined));

const hostAndPort = setting('expected HOST:PORT', (text) => (/^[^\s/@]+:\d{1,5}$/.test(text) ? text : undefined));

const cluster = z.strictObject({
  project: z.string().refine(isProjectId),
  location: z.string().refine(isLocation),
  cluster: z.string().refine(isClusterName),
});

/** Reads a setting that lists clusters; undefined where it cannot be read. */
export const readClusters = (text: string): ClusterRef[] | undefined => {
  try {
    return z.array(cluster).min(1).parse(JSON.parse(text), READ_ONCE);
  } catch {
    return undefined;
  }
};

const clusters = setting(
  'expected a JSON list such as [{"project":"p1","location":"europe-west1","cluster":"c1"}]',
  readClusters,
);

/** Reads a setting that maps topics to the cluster of their alerts; undefined where it cannot be read. */
export const readThreatTopics = (text: string): ReadonlyMap<string, ClusterRef> | undefined => {
  try {
    const topic = z.string().regex(/^[a-z][a-z0-9-]{0,99}$/);
    return new Map(Object.entries(z.record(topic, cluster).parse(JSON.parse(text), READ_ONCE)));
  } catch {
    return undefined;
  }
};

const threatTopics = setting(
  'expected a JSON object such as {"threat-c1":{"project":"p1","location":"europe-west1","cluster":"c1"}}',
  readThreatTopics,
);

const identities = setting('expected principals, separated by commas', (text): string[] | undefined => {
  const names = text.split(',').map((name) => name.trim());
  return names.every(isPrincipal) ? names : undefined;
});

const sha256 = setting('expected 64 hexadecimal digits', (text) => (/^[0-9a-f]{64}$/.test(text) ? text : undefined));

const operatorAudience = setting('expected audiences, separated by commas', (text): string[] | undefined => {
  const audiences = text.split(',').map((one) => one.trim());
  return audiences.every((one) => /^[!-~]{1,300}$/.test(one)) ? audiences : undefined;
});

/** The environment variables of functions, each read from its text. What they mean is said at `Config`. */
export const variables = z.object({
  FIREBREAK_PROJECT: z
    .string('not set: give the id of the project that this deployment serves')
    .refine(isProjectId, 'expected a project id such as p1'),
  FIREBREAK_BUS: setting('expected pubsub, or rest: and an origin such as rest:http://127.0.0.1:8085', (text) => {
    const endpoint = prefixed(text, 'rest:');
    if (text === 'pubsub') return { kind: 'pubsub' as const };
    return endpoint !== undefined && isOrigin(endpoint) ? { kind: 'rest' as const, endpoint } : undefined;
  }),
  FIREBREAK_STORE: store,
  FIREBREAK_MEMORY_STORE: store,
  FIREBREAK_EVIDENCE: setting('expected folder:PATH or gs://BUCKET', readEvidenceSetting),
  FIREBREAK_CLUSTERS: clusters,
  FIREBREAK_NETWORK: setting('expected vpc', (text) => (text === 'vpc' ? ('vpc' as const) : undefined)),
  FIREBREAK_THREAT_TOPICS: threatTopics,
  PUBSUB_EMULATOR_HOST: hostAndPort,
  FIRESTORE_EMULATOR_HOST: hostAndPort,
  FIREBREAK_CONTAINER_ENDPOINT: origin,
  FIREBREAK_COMPUTE_ENDPOINT: origin,
  FIREBREAK_LOGGING_ENDPOINT: origin,
  FIREBREAK_MONITORING_ENDPOINT: origin,
  FIREBREAK_OTLP_ENDPOINT: origin,
  OTEL_EXPORTER_OTLP_ENDPOINT: origin,
  FIREBREAK_TOKEN: z.string().optional(),
  FIREBREAK_POLICY: z.string().optional(),
  FIREBREAK_POLICY_SHA256: sha256,
  FIREBREAK_RULES: z.string().optional(),
  FIREBREAK_RULES_SHA256: sha256,
  FIREBREAK_OPERATOR_AUDIENCE: operatorAudience,
  FIREBREAK_IDENTITIES: identities,
  FIREBREAK_CONSOLE_OPERATOR: setting('expected a name of 1 to 254 characters', (text) =>
    /^[!-~]{1,254}$/.test(text) ? text : undefined,
  ),
});
