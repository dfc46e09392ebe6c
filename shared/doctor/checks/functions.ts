import { functionName } from '../../deployment.ts';
import { FUNCTIONS, type FunctionName } from '../../model/ids.ts';
import { fail, ofProject, ok, type Verdict, warn } from '../check.ts';
import { APPLY, command } from '../next.ts';
import type { DeployedFunction } from '../readers.ts';
import { deployed } from '../served.ts';

type Facts = { project: string; all: DeployedFunction[] };

const RUNTIME = 'nodejs24';
/** The ingress settings that a function may have. Only the console is reached through a load balancer. */
const ingressOf = (name: FunctionName): readonly string[] =>
  name === 'console' ? ['ALLOW_INTERNAL_ONLY', 'ALLOW_INTERNAL_AND_GCLB'] : ['ALLOW_INTERNAL_ONLY'];

const judgeOne = (project: string, name: FunctionName, all: readonly DeployedFunction[]): Verdict[] => {
  const subject = functionName(name);
  const found = deployed(all, name);
  if (found === undefined) {
    // The console is optional: the command line does everything that it does.
    if (name === 'console') return [ok(subject, 'is not deployed, which is fine: operators use the command line')];
    return [fail(subject, 'is not deployed', APPLY)];
  }
  const { location, state, problems, runtime, ingress, account } = found;
  const describe = command('gcloud', 'functions', 'describe', subject, `--region=${location}`, `--project=${project}`);
  const serves = found.environment.FIREBREAK_CLUSTERS;
  const wanted = deployed(all, 'contain')?.environment.FIREBREAK_CLUSTERS;
  const shared = all.filter((one) => one.account !== undefined && one.account === account && one !== found);
  const verdicts: Verdict[] = [
    ...(state === 'ACTIVE'
      ? []
      : [fail(subject, `is ${state}: ${problems.join('; ') || 'no reason given'}`, describe)]),
    ...(ingress !== undefined && ingressOf(name).includes(ingress)
      ? []
      : [fail(subject, `takes requests from outside the project (ingress ${ingress ?? 'not set'})`, APPLY)]),
    ...(shared.length === 0
      ? []
      : [fail(subject, `shares its service account with ${shared.map((one) => one.name).join(', ')}`, APPLY)]),
    ...(serves === undefined || wanted === undefined || serves === wanted
      ? []
      : [fail(subject, 'serves other clusters than contain: its FIREBREAK_CLUSTERS was changed', APPLY)]),
    ...(runtime === RUNTIME
      ? []
      : [warn(subject, `runs on ${runtime ?? 'an unknown runtime'}, not ${RUNTIME}`, APPLY)]),
  ];
  return verdicts.length > 0 ? verdicts : [ok(subject, `active in ${location}`)];
};

/** Checks the functions themselves. */
export const functions = ofProject<Facts>({
  id: 'functions',
  does: 'Every function is deployed and active, accepts requests only from within the project (the console also from a load balancer), has a service account of its own, and serves the same clusters as the others.',
  role: 'roles/cloudfunctions.viewer',
  read: async ({ project }) => ({ project: project.id, all: await project.functions() }),
  judge: ({ project, all }) => FUNCTIONS.flatMap((name) => judgeOne(project, name, all)),
});
