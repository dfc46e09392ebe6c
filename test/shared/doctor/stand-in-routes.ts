import type { Service } from '../../../shared/adapters/project-api.ts';
import type { Deployment } from './deployment.ts';
import { LOCATION, NUMBER, PROJECT } from './deployment-parts.ts';
import { type Answer, type Asked, error, found, NOT_FOUND, page } from './stand-in-answers.ts';
import { kubernetes } from './stand-in-kubernetes.ts';

export type Route = {
  service: Service | 'container' | 'kubernetes';
  method: 'GET' | 'POST';
  path: RegExp;
  /** The known query parameters. Any other is refused, as the services do. */
  query?: readonly string[];
  answer(deployment: Deployment, asked: Asked, ...parts: string[]): Answer;
};

const VERSION = 'options.requestedPolicyVersion';
const whole = (kind: string) => new RegExp(`^/v1/projects/${PROJECT}/${kind}/([^/:]+):getIamPolicy$`);
const wantsConditions = (version: unknown): boolean => Number(version) === 3;

/** Without policy version 3, the services leave out bindings with conditions. */
const policyOf = (policy: { bindings: Array<{ condition?: unknown }> } | undefined, version: unknown): Answer =>
  found(
    policy === undefined
      ? undefined
      : {
          ...policy,
          bindings: policy.bindings.filter(({ condition }) => condition === undefined || wantsConditions(version)),
        },
  );

/** The routes of all services. */
export const ROUTES: readonly Route[] = [
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
    service: 'secrets',
    method: 'GET',
    path: whole('secrets'),
    query: [VERSION],
    answer: ({ policies }, { query }, name) => policyOf(policies[`secrets/${name}`], query[VERSION]),
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
    service: 'threats',
    method: 'GET',
    path: /^\/v2\/projects\/p1\/locations\/global\/notificationConfigs$/,
    query: ['pageToken'],
    answer: ({ threatFeeds }, asked) => page('notificationConfigs', threatFeeds, asked),
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
    method: 'POST',
    path: /^\/v1\/projects\/-\/serviceAccounts\/([^/:]+):getIamPolicy$/,
    query: [VERSION],
    answer: ({ policies }, { query }, email) => policyOf(policies[`accounts/${email}`], query[VERSION]),
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
    query: ['pageToken', 'filter'],
    answer: ({ sinks }, asked) => {
      // The service leaves out what folders and organizations intercept, unless it is asked for.
      const all = asked.query.filter === 'in_scope("ALL")';
      return page('sinks', all ? sinks : sinks.filter((one) => one.interceptChildren !== true), asked);
    },
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
    query: ['limit'],
    answer: kubernetes,
  },
];
