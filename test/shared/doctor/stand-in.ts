import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { Service } from '../../../shared/adapters/project-api.ts';
import { type Deployment, LOCATION, NUMBER, PROJECT } from './deployment.ts';

type Asked = { service: string; method: string; path: string; query: Record<string, string>; body: unknown };
type Answer = { status: number; body: unknown };

export const TOKEN = 'a-token';

const error = (code: number, status: string, message: string): Answer => ({
  status: code,
  body: { error: { code, status, message } },
});
const NOT_FOUND = error(404, 'NOT_FOUND', 'Requested entity was not found.');
const found = (body: unknown): Answer => (body === undefined ? NOT_FOUND : { status: 200, body });

/** Small pages, so that whoever reads one alone is found out. */
const PAGE = 4;

const page = (field: string, all: readonly unknown[], { query }: Asked): Answer => {
  const from = Number(query.pageToken ?? 0);
  if (!Number.isInteger(from) || from > all.length) return error(400, 'INVALID_ARGUMENT', 'page token is invalid');
  const next = from + PAGE < all.length ? { nextPageToken: String(from + PAGE) } : {};
  return found({ [field]: all.slice(from, from + PAGE), ...next });
};

type Route = {
  service: Service | 'container' | 'kubernetes';
  method: 'GET' | 'POST';
  path: RegExp;
  /** The query parameters that it knows: any other is refused, as the services do. */
  query?: readonly string[];
  answer(deployment: Deployment, asked: Asked, ...parts: string[]): Answer;
};

const VERSION = 'options.requestedPolicyVersion';
const whole = (kind: string) => new RegExp(`^/v1/projects/${PROJECT}/${kind}/([^/:]+):getIamPolicy$`);
const wantsConditions = (version: unknown): boolean => Number(version) === 3;

/** Without version 3 the services leave out bindings with conditions. */
const policyOf = (policy: { bindings: Array<{ condition?: unknown }> } | undefined, version: unknown): Answer =>
  found(
    policy === undefined
      ? undefined
      : {
          ...policy,
          bindings: policy.bindings.filter(({ condition }) => condition === undefined || wantsConditions(version)),
        },
  );

const GROUPS: Record<string, Array<{ name: string; kind: string; namespaced: boolean }>> = {
  'api/v1': [{ name: 'namespaces', kind: 'Namespace', namespaced: false }],
  'apis/rbac.authorization.k8s.io/v1': [
    { name: 'clusterroles', kind: 'ClusterRole', namespaced: false },
    { name: 'clusterrolebindings', kind: 'ClusterRoleBinding', namespaced: false },
    { name: 'roles', kind: 'Role', namespaced: true },
    { name: 'rolebindings', kind: 'RoleBinding', namespaced: true },
  ],
  'apis/admissionregistration.k8s.io/v1': [
    { name: 'validatingadmissionpolicies', kind: 'ValidatingAdmissionPolicy', namespaced: false },
    { name: 'validatingadmissionpolicybindings', kind: 'ValidatingAdmissionPolicyBinding', namespaced: false },
  ],
};

const kubernetes = (deployment: Deployment, asked: Asked, cluster = '', path = ''): Answer => {
  const objects = deployment.clusters[cluster]?.objects;
  const group = Object.keys(GROUPS).find((one) => path === one || path.startsWith(`${one}/`));
  if (objects === undefined || group === undefined || asked.method !== 'GET') return NOT_FOUND;
  const resources = GROUPS[group] ?? [];
  if (path === group) return found({ kind: 'APIResourceList', resources });
  const [, namespace, plural, name] =
    /^(?:namespaces\/([^/]+)\/)?([a-z]+)\/([^/]+)$/.exec(path.slice(group.length + 1)) ?? [];
  const kind = resources.find((one) => one.name === plural)?.kind;
  return found(
    objects.find((one) => {
      const metadata = Object(one.metadata);
      return one.kind === kind && metadata.name === name && metadata.namespace === namespace;
    }),
  );
};

const ROUTES: readonly Route[] = [
  {
    service: 'functions',
    method: 'GET',
    path: /^\/v2\/projects\/p1\/locations\/-\/functions$/,
    query: ['pageToken'],
    answer: ({ functions }, asked) => page('functions', functions, asked),
  },
  {
    service: 'pubsub',
    method: 'GET',
    path: /^\/v1\/projects\/p1\/topics$/,
    query: ['pageToken'],
    answer: ({ topics }, asked) => page('topics', topics, asked),
  },
  {
    service: 'pubsub',
    method: 'GET',
    path: /^\/v1\/projects\/p1\/subscriptions$/,
    query: ['pageToken'],
    answer: ({ subscriptions }, asked) => page('subscriptions', subscriptions, asked),
  },
  ...(['topics', 'subscriptions'] as const).map(
    (kind): Route => ({
      service: 'pubsub',
      method: 'GET',
      path: whole(kind),
      query: [VERSION],
      answer: (deployment, asked, name) => {
        const all = deployment[kind].some((one) => String(one.name).endsWith(`/${name}`));
        return all
          ? policyOf(deployment.policies[`${kind}/${name}`] ?? { bindings: [] }, asked.query[VERSION])
          : NOT_FOUND;
      },
    }),
  ),
  {
    service: 'run',
    method: 'GET',
    path: new RegExp(`^/v2/projects/p1/locations/${LOCATION}/services/([^/:]+):getIamPolicy$`),
    query: [VERSION],
    answer: ({ policies }, { query }, name) => policyOf(policies[`services/${name}`], query[VERSION]),
  },
  {
    service: 'projects',
    method: 'GET',
    path: /^\/v3\/projects\/p1$/,
    answer: () => found({ name: `projects/${NUMBER}`, projectId: PROJECT, state: 'ACTIVE' }),
  },
  {
    service: 'projects',
    method: 'POST',
    path: /^\/v3\/projects\/p1:getIamPolicy$/,
    answer: ({ policy }, { body }) => policyOf(policy, Object(Object(body).options).requestedPolicyVersion),
  },
  {
    service: 'pubsub',
    method: 'POST',
    path: /^\/v1\/projects\/p1\/topics\/[^/:]+:testIamPermissions$/,
    answer: ({ mine }, { body }) => {
      const { permissions } = Object(body);
      return found({ permissions: permissions.filter((one: string) => mine.includes(one)) });
    },
  },
  {
    service: 'monitoring',
    method: 'GET',
    path: /^\/v3\/projects\/p1\/notificationChannels$/,
    query: ['pageToken'],
    answer: ({ channels }, asked) => page('notificationChannels', channels, asked),
  },
  {
    service: 'monitoring',
    method: 'GET',
    path: /^\/v3\/projects\/p1\/alertPolicies$/,
    query: ['pageToken'],
    answer: ({ alerts }, asked) => page('alertPolicies', alerts, asked),
  },
  {
    service: 'firestore',
    method: 'GET',
    path: /^\/v1\/(projects\/p1\/databases\/[^/]+)\/collectionGroups\/-\/fields$/,
    query: ['pageToken', 'filter'],
    answer: ({ fields }, asked, database) =>
      asked.query.filter === 'ttlConfig:*'
        ? page(
            'fields',
            fields.filter(({ name }) => String(name).startsWith(`${database}/`)),
            asked,
          )
        : error(400, 'INVALID_ARGUMENT', 'filter is required'),
  },
  {
    service: 'iam',
    method: 'GET',
    path: /^\/v1\/projects\/-\/serviceAccounts\/([^/]+)$/,
    answer: ({ accounts }, _, email = '') => found(accounts[email]),
  },
  {
    service: 'iam',
    method: 'GET',
    path: /^\/v1\/((?:projects\/p1\/)?roles\/[^/]+)$/,
    answer: ({ roles }, _, name = '') => found(roles[name]),
  },
  {
    service: 'logging',
    method: 'GET',
    path: /^\/v2\/projects\/p1\/sinks$/,
    query: ['pageToken'],
    answer: ({ sinks }, asked) => page('sinks', sinks, asked),
  },
  {
    service: 'logging',
    method: 'POST',
    path: /^\/v2\/entries:list$/,
    answer: ({ entries }, { body }) => {
      const { filter, orderBy, pageSize, resourceNames } = Object(body);
      const name = /jsonPayload\.function="([^"]+)"/.exec(String(filter))?.[1];
      if (name === undefined || orderBy !== 'timestamp desc' || String(resourceNames) !== `projects/${PROJECT}`) {
        return error(400, 'INVALID_ARGUMENT', 'Unparseable filter');
      }
      const arrows = [...String(filter).matchAll(/"([a-z]+ -> [a-z]+)"/g)].map(([, arrow]) => arrow);
      const of = entries.filter(({ jsonPayload }) => {
        const line = Object(jsonPayload);
        return line.function === name && arrows.includes(line.arrow);
      });
      return found(of.length === 0 ? {} : { entries: of.slice(0, pageSize) });
    },
  },
  {
    service: 'firestore',
    method: 'GET',
    path: /^\/v1\/projects\/p1\/databases$/,
    answer: ({ databases }) => found(databases.length === 0 ? {} : { databases }),
  },
  {
    service: 'scheduler',
    method: 'GET',
    path: new RegExp(`^/v1/projects/p1/locations/${LOCATION}/jobs$`),
    query: ['pageToken'],
    answer: ({ jobs }, asked) => page('jobs', jobs, asked),
  },
  {
    service: 'storage',
    method: 'GET',
    path: /^\/storage\/v1\/b\/([^/]+)$/,
    answer: ({ buckets }, _, name = '') => found(buckets[name]),
  },
  {
    service: 'storage',
    method: 'GET',
    path: /^\/storage\/v1\/b\/([^/]+)\/iam$/,
    query: ['optionsRequestedPolicyVersion'],
    answer: ({ policies }, { query }, name) =>
      policyOf(policies[`buckets/${name}`], query.optionsRequestedPolicyVersion),
  },
  {
    service: 'container',
    method: 'GET',
    path: /^\/v1\/projects\/p1\/locations\/([^/]+)\/clusters\/([^/]+)$/,
    answer: ({ clusters }, _, location, name) => found(clusters[`${location}/${name}`]?.described),
  },
  {
    service: 'kubernetes',
    method: 'GET',
    path: /^\/([^/]+\/[^/]+)\/(.+)$/,
    answer: kubernetes,
  },
];

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? undefined : JSON.parse(text);
};

const answerTo = (deployment: Deployment, asked: Asked, authorization: string | undefined): Answer => {
  if (authorization !== `Bearer ${TOKEN}`) return error(401, 'UNAUTHENTICATED', 'Request had invalid credentials.');
  const refused = [...deployment.refused].find(([start]) => `${asked.service} ${asked.path}`.startsWith(start));
  if (refused !== undefined) return error(refused[1], 'REFUSED', `Permission denied on ${asked.path}.`);
  const route = ROUTES.find(({ service, path }) => service === asked.service && path.test(asked.path));
  if (route === undefined) return NOT_FOUND;
  if (route.method !== asked.method) return error(405, 'METHOD_NOT_ALLOWED', 'wrong method');
  const stranger = Object.keys(asked.query).find((key) => !(route.query ?? []).includes(key));
  if (stranger !== undefined) {
    return error(400, 'INVALID_ARGUMENT', `Invalid JSON payload received. Unknown name "${stranger}"`);
  }
  const [, ...parts] = route.path.exec(asked.path) ?? [];
  return route.answer(deployment, asked, ...parts);
};

export type StandIn = { originOf(service: string): string; asked: string[]; stop(): void };

/** The services of Google Cloud, and the API servers of the clusters, for one project: strict in what they take. */
export const startStandIn = async (deployment: Deployment): Promise<StandIn> => {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const [, service = '', ...rest] = url.pathname.split('/');
    const path = decodeURIComponent(`/${rest.join('/')}`);
    const method = request.method ?? 'GET';
    const query = Object.fromEntries(url.searchParams);
    asked.push(`${method} ${service} ${path}`);
    const one: Asked = { service, method, path, query, body: await bodyOf(request) };
    const { status, body } = answerTo(deployment, one, request.headers.authorization);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    originOf: (service) => `http://127.0.0.1:${port}/${service}`,
    asked,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
