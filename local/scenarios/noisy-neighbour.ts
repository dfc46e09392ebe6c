import type { Incident } from '../../shared/model/incident.ts';
import { SHOP } from '../world/seed.ts';
import { busyFor } from './busy.ts';
import { endingMissing } from './ending.ts';
import { cpuIncident } from './monitoring-incident.ts';
import type { Scenario } from './scenario.ts';
import { podOf } from './shop.ts';

const NAMESPACE = 'shop';
const JOB = 'nightly-report';

const missingOf = (incident: Incident | undefined): string[] => {
  if (incident === undefined) return [`no incident on a pod of ${NAMESPACE}/${JOB} was opened`];
  return [
    ...endingMissing(incident, { verdict: 'act', tier: 'observe' }),
    ...(incident.plan.length === 0 && incident.journal.length === 0 ? [] : ['something was planned or done']),
  ];
};

/** A batch job uses all the CPU that it gets. Expected end: it is reported, and nothing is done to it. */
export const noisyNeighbour: Scenario = {
  id: 'noisy-neighbour',
  title: 'A batch job that is merely busy',
  story: [
    'Job shop/nightly-report runs, and Cloud Monitoring finds its CPU use flat at its limit for an hour.',
    'A miner would look the same, but a Job is expected to be busy, and there is no other evidence against it.',
  ],
  events: (world, now) => {
    const pod = podOf(world, NAMESPACE, ['batch.kubernetes.io/job-name', JOB]);
    busyFor(world, pod, 'report', 0.99, now);
    const { metadata } = pod;
    const controller = { kind: 'Job', name: JOB };
    const on = { kind: 'pod', namespace: NAMESPACE, pod: metadata.name, container: 'report', controller } as const;
    const body = cpuIncident({ id: '0.report-cpu', cluster: SHOP, on, startedAt: now, shape: 'strong-plateau-hour' });
    return [{ afterMs: 0, topic: 'cpu', body }];
  },
  missing: (incidents) =>
    missingOf(incidents.find(({ target }) => target.namespace === NAMESPACE && target.cluster === SHOP.cluster)),
};
