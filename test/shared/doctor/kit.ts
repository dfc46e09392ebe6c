import { randomBytes } from 'node:crypto';
import { makeClusters } from '../../../shared/adapters/clusters.ts';
import { makeProjectReader } from '../../../shared/adapters/project.ts';
import { makeMemoryStore } from '../../../shared/adapters/store-memory.ts';
import type { DoctorPorts } from '../../../shared/doctor/check.ts';
import { type Examined, examine } from '../../../shared/doctor/examine.ts';
import { commandsAbout } from '../../../shared/doctor/next.ts';
import type { Expected, ExpectedPolicy, ExpectedRules } from '../../../shared/doctor/readers.ts';
import { CHECKS } from '../../../shared/doctor/registry.ts';
import type { Stores } from '../../../shared/ports.ts';
import { openStores } from '../../../shared/store/incidents.ts';
import type { Deployment } from './deployment.ts';
import { DRY_HASH, FILTER, NOW, POLICY_HASH, PROJECT, RULES_HASH } from './deployment-parts.ts';
import { startStandIn, TOKEN } from './stand-in.ts';

export const POLICY: ExpectedPolicy = {
  path: 'policy.yaml',
  mode: 'act',
  hashes: { act: POLICY_HASH, 'dry-run': DRY_HASH },
  namesOperators: true,
};
export const RULES: ExpectedRules = { path: 'rules.yaml', hash: RULES_HASH, exec: true, filter: FILTER };
export const EXPECTED: Expected = {
  policy: async () => POLICY,
  rules: async () => RULES,
  owners: [],
  protectedNamespaces: ['kube-system', 'gke-*', 'gmp-*'],
  deleting: true,
};

export const memoryStores = (): Stores => {
  const clock = { now: () => NOW, random: () => randomBytes(16).toString('hex') };
  return openStores({ raw: makeMemoryStore(clock), clock });
};

export type Examination = { examined: Examined[]; asked: string[] };

/** Examines a deployment through the real adapters and a stand-in for the services. `checks`: run only these. */
export const examineProject = async (
  deployment: Deployment,
  options: { expected?: Partial<Expected>; stores?: Stores; checks?: readonly string[] } = {},
): Promise<Examination> => {
  const standIn = await startStandIn(deployment);
  try {
    const now = (): number => NOW;
    const project = makeProjectReader({
      project: PROJECT,
      now,
      headers: async () => ({ authorization: `Bearer ${TOKEN}` }),
      originOf: standIn.originOf,
      clusters: (served) =>
        makeClusters({
          served,
          now,
          token: async () => TOKEN,
          containerEndpoint: standIn.originOf('container'),
          server: ({ location, cluster }) => `${standIn.originOf('kubernetes')}/${location}/${cluster}`,
        }),
      idToken: async () => deployment.idToken,
      compute: { firewall: async ({ name }) => deployment.firewalls[name] },
    });
    const ports: DoctorPorts = {
      now,
      project,
      expected: { ...EXPECTED, ...options.expected },
      stores: options.stores ?? memoryStores(),
      started: project.started,
      runsSince: undefined,
      lastTick: project.lastTick,
      logsOf: (name) => `gcloud logging read ${name}`,
      ours: commandsAbout(PROJECT),
    };
    const examined: Examined[] = [];
    const { checks } = options;
    const asked = CHECKS.filter(({ id }) => checks === undefined || checks.includes(id));
    for await (const one of examine(asked, ports)) examined.push(one);
    return { examined, asked: standIn.asked };
  } finally {
    await standIn.stop();
  }
};

/** The kinds of verdict that one check gives. */
export const statusesOf = async (deployment: Deployment, check: string): Promise<string[]> => {
  const { examined } = await examineProject(deployment, { checks: [check] });
  return [...new Set(examined.flatMap(({ verdicts }) => verdicts.map(({ status }) => status)))];
};
