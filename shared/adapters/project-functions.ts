import { z } from 'zod';
import type { DeployedFunction } from '../doctor/readers.ts';
import { given } from '../given.ts';
import { plain } from '../text.ts';
import type { ProjectApi } from './project-api.ts';

/** A function in the form of the Cloud Functions API (v2). */
const reply = z.looseObject({
  name: z.string(),
  state: z.string().default('STATE_UNSPECIFIED'),
  url: z.string().optional(),
  stateMessages: z.array(z.looseObject({ message: z.string().default('') })).default([]),
  buildConfig: z.looseObject({ runtime: z.string().optional() }).default({}),
  serviceConfig: z
    .looseObject({
      service: z.string().optional(),
      uri: z.string().optional(),
      serviceAccountEmail: z.string().optional(),
      ingressSettings: z.string().optional(),
      revision: z.string().optional(),
      environmentVariables: z.record(z.string(), z.string()).default({}),
      secretEnvironmentVariables: z.array(z.looseObject({ secret: z.string() })).default([]),
    })
    .default({ environmentVariables: {}, secretEnvironmentVariables: [] }),
});

const functionOf = (one: z.infer<typeof reply>): DeployedFunction => {
  const { service, uri, serviceAccountEmail, ingressSettings, revision } = one.serviceConfig;
  const [, location = '', name = one.name] = /\/locations\/([^/]+)\/functions\/([^/]+)$/.exec(one.name) ?? [];
  return {
    name,
    location,
    state: one.state,
    problems: one.stateMessages.map(({ message }) => plain(message, 300)),
    environment: one.serviceConfig.environmentVariables,
    secrets: one.serviceConfig.secretEnvironmentVariables.map(({ secret }) => secret),
    ...given({
      runtime: one.buildConfig.runtime,
      uri: uri ?? one.url,
      service,
      account: serviceAccountEmail,
      ingress: ingressSettings,
      revision,
    }),
  };
};

/** The functions of a project, in all locations. */
export const readFunctions = async (api: ProjectApi, project: string): Promise<DeployedFunction[]> => {
  const found = await api.all(
    { service: 'functions', path: `/v2/projects/${project}/locations/-/functions` },
    'functions',
    reply,
  );
  return found.map(functionOf);
};
