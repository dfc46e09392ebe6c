import { z } from 'zod';
import type { Binding, PolicyHolder, ProjectPolicy } from '../doctor/readers.ts';
import { isBucketName, isEmail } from '../kubernetes/names.ts';
import type { ProjectApi, Service } from './project-api.ts';

const binding = z.looseObject({
  role: z.string(),
  members: z.array(z.string()).default([]),
  condition: z.looseObject({ expression: z.string().default('') }).optional(),
});

const policy = z.looseObject({
  bindings: z.array(binding).default([]),
  auditConfigs: z
    .array(
      z.looseObject({
        service: z.string(),
        auditLogConfigs: z
          .array(z.looseObject({ logType: z.string(), exemptedMembers: z.array(z.string()).default([]) }))
          .default([]),
      }),
    )
    .default([]),
});

/** Only policies of version 3 include conditions. */
const VERSION = 3;

const bindingsOf = (read: z.infer<typeof policy> | undefined): Binding[] =>
  (read?.bindings ?? []).map(({ role, members, condition }) => ({
    role,
    members,
    ...(condition === undefined ? {} : { condition: condition.expression }),
  }));

const askProject = (api: ProjectApi, project: string) =>
  api.ask({
    service: 'projects',
    path: `/v3/projects/${project}:getIamPolicy`,
    schema: policy,
    body: { options: { requestedPolicyVersion: VERSION } },
  });

/** The project's own policy, including its Data Access settings, but without what a folder or an organization adds. */
export const readPolicy = async (api: ProjectApi, project: string): Promise<ProjectPolicy> => {
  const read = await askProject(api, project);
  const audit = (read?.auditConfigs ?? []).map(({ service, auditLogConfigs }) => ({
    service,
    types: auditLogConfigs.map(({ logType, exemptedMembers }) => ({ type: logType, exempt: exemptedMembers })),
  }));
  return { bindings: bindingsOf(read), audit };
};

type OfResource = PolicyHolder & { kind: Exclude<PolicyHolder['kind'], 'project'> };

/** Where a policy is read. `body`: the service takes a POST. */
type Place = { service: Service; path: string; version: string; body?: object };

const pathOf = (project: string, { kind, name }: OfResource): Place => {
  const version = 'options.requestedPolicyVersion';
  switch (kind) {
    case 'topic':
      return { service: 'pubsub', path: `/v1/projects/${project}/topics/${name}:getIamPolicy`, version };
    case 'subscription':
      return { service: 'pubsub', path: `/v1/projects/${project}/subscriptions/${name}:getIamPolicy`, version };
    case 'secret':
      return { service: 'secrets', path: `/v1/projects/${project}/secrets/${name}:getIamPolicy`, version };
    case 'service':
      return { service: 'run', path: `/v2/${name}:getIamPolicy`, version };
    case 'account':
      return { service: 'iam', path: `/v1/projects/-/serviceAccounts/${name}:getIamPolicy`, version, body: {} };
    case 'bucket':
      return { service: 'storage', path: `/storage/v1/b/${name}/iam`, version: 'optionsRequestedPolicyVersion' };
  }
};

/** The policy bindings of one resource; none if it does not exist, or its name cannot be that of a bucket or an account. */
export const readPolicyOf = async (api: ProjectApi, project: string, holder: PolicyHolder): Promise<Binding[]> => {
  const { kind, name } = holder;
  if (kind === 'project') return bindingsOf(await askProject(api, name));
  if (kind === 'bucket' && !isBucketName(name)) return [];
  if (kind === 'account' && !isEmail(name)) return [];
  const { version, ...at } = pathOf(project, { kind, name });
  return bindingsOf(await api.ask({ ...at, schema: policy, query: { [version]: String(VERSION) } }));
};

const role = z.looseObject({ includedPermissions: z.array(z.string()).default([]), deleted: z.boolean().optional() });
const ROLE = /^(roles|projects\/[^/]+\/roles|organizations\/\d+\/roles)\/[A-Za-z0-9_.]+$/;

/** The permissions of a role; undefined for a role that does not exist or was deleted. */
export const readRole = async (api: ProjectApi, name: string): Promise<string[] | undefined> => {
  if (!ROLE.test(name)) return undefined;
  const read = await api.ask({ service: 'iam', path: `/v1/${name}`, schema: role });
  return read === undefined || read.deleted === true ? undefined : read.includedPermissions;
};

/** The numeric id of a service account; undefined if it does not exist. */
export const readAccountId = async (api: ProjectApi, email: string): Promise<string | undefined> => {
  if (!isEmail(email)) return undefined;
  const schema = z.looseObject({ uniqueId: z.string() });
  return (await api.ask({ service: 'iam', path: `/v1/projects/-/serviceAccounts/${email}`, schema }))?.uniqueId;
};

/** Whether the person whose credentials are used may publish to a topic; false for a topic that does not exist. */
export const readMayPublish = async (api: ProjectApi, project: string, topic: string): Promise<boolean> => {
  const schema = z.looseObject({ permissions: z.array(z.string()).default([]) });
  const path = `/v1/projects/${project}/topics/${topic}:testIamPermissions`;
  const permission = 'pubsub.topics.publish';
  const read = await api.ask({ service: 'pubsub', path, schema, body: { permissions: [permission] } });
  return read?.permissions.includes(permission) === true;
};

/** The project's number. */
export const readNumber = async (api: ProjectApi, project: string): Promise<string | undefined> => {
  const schema = z.looseObject({ name: z.string().regex(/^projects\/\d+$/) });
  return (await api.ask({ service: 'projects', path: `/v3/projects/${project}`, schema }))?.name.slice(9);
};
