import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Step } from '../../shared/containment/step.ts';
import { STEPS } from '../../shared/containment/steps/registry.ts';
import { ISOLATE_HOST_REACH, PLAYBOOKS } from '../../shared/decision/playbooks.ts';
import { type StepId, TIERS } from '../../shared/model/ids.ts';
import { ROOT } from '../steps.ts';
import { type Files, GENERATED_NOTE } from './files.ts';

/**
 * The actions by hand in the guide "Mitigate security incidents" of Google Kubernetes Engine, in its order, each with
 * the steps that do it here.
 */
const GUIDE: ReadonlyArray<{ action: string; steps: readonly StepId[] }> = [
  { action: 'Snapshot the disks of the host VM', steps: ['start-snapshots', 'keep-disks', 'snapshots-ready'] },
  { action: 'Keep evidence from the API, the logs and the node', steps: ['capture-evidence'] },
  { action: 'Inspect the VM while the workload runs on', steps: ['attach-forensics'] },
  { action: 'Cordon the node', steps: ['cordon-node'] },
  { action: 'Isolate the pod with a network policy and a label', steps: ['deny-pod-network', 'quarantine-pod'] },
  { action: 'Stop the workload from creating more pods', steps: ['freeze-workload'] },
  { action: 'Take the VM out of its managed instance group', steps: ['leave-group', 'restore-group-size'] },
  { action: 'Drain the node of pods that are not evidence', steps: ['drain-node'] },
  { action: 'Isolate the VM with firewall rules', steps: ['deny-node-network'] },
  { action: 'Remove the external IP address of the VM', steps: ['remove-external-ip'] },
  { action: 'Connect to the isolated VM to investigate', steps: ['open-investigation-access'] },
  { action: 'Redeploy the container, in a sandbox where wanted', steps: ['sandbox-workload', 'delete-pod'] },
  { action: 'Delete the workload', steps: ['delete-workload', 'kill-container'] },
  { action: 'Delete the host VM', steps: ['delete-host'] },
];

const tiersOf = (id: StepId): string =>
  TIERS.filter((tier) =>
    [...PLAYBOOKS[tier], ...(tier === 'isolate' ? ISOLATE_HOST_REACH : [])].some(({ step }) => step === id),
  ).join(', ');

const rights = ({ permissions: { iam, rbac, optIn } }: Step): string => {
  const all = [
    ...iam,
    ...(optIn ?? []),
    ...rbac.map(({ group, resource, verbs }) => `${group === '' ? '' : `${group}/`}${resource} ${verbs.join(',')}`),
  ];
  return all.length === 0 ? 'none' : all.map((right) => `\`${right}\``).join(', ');
};

/** The tests of a step, each an existing file: the contract, and for Kubernetes the real API server. */
const proofs = (step: Step): string => {
  const contract = `test/shared/containment/steps/${step.id}.test.ts`;
  if (!existsSync(join(ROOT, contract))) throw new Error(`${step.id} has no test: ${contract}`);
  const kubernetes = step.permissions.rbac.length > 0;
  const real = kubernetes
    ? 'a real kube-apiserver (test/apiserver)'
    : 'the simulated Compute Engine, over HTTP as well (test/contracts/compute.ts)';
  return `[contract](../${contract}); ${real}`;
};

const row = (action: string, id: StepId): string => {
  const step = STEPS.find((one) => one.id === id);
  if (step === undefined) throw new Error(`the guide's ${action} needs ${id}, which is not registered`);
  return `| ${action} | [${id}](steps.md#${id}) | ${tiersOf(id)} | ${rights(step)} | ${step.undoable ? 'taken back, or the reason why not' : 'nothing to take back'} | ${proofs(step)} |`;
};

/** `docs/mitigations.md`: each action of the guide, the steps that carry it out, and their tests. */
export const mitigationFiles = (): Files => {
  const covered = new Set(GUIDE.flatMap(({ steps }) => steps));
  const left = STEPS.filter(({ id }) => !covered.has(id)).map(({ id }) => id);
  if (left.length > 0) throw new Error(`steps that no action of the guide names: ${left.join(', ')}`);
  const text = [
    GENERATED_NOTE,
    '',
    '# The guide, step by step',
    '',
    'What a person does by hand after a break-in on Google Kubernetes Engine, and the Firebreak step that does it.',
    '',
    '| action of the guide | step | tiers | rights | release | proven by |',
    '| --- | --- | --- | --- | --- | --- |',
    ...GUIDE.flatMap(({ action, steps }) => steps.map((id) => row(action, id))),
    '',
  ];
  return new Map([['docs/mitigations.md', text.join('\n')]]);
};
