import { Malformed } from '../errors.ts';
import { credentialsWords } from '../kubernetes/kube-context.ts';
import type { Entry } from '../model/entry.ts';
import type { Host } from '../model/host.ts';
import type { StepId } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import { clusterOf } from '../model/target.ts';
import { shellLine } from '../shell.ts';
import * as cluster from './report-cluster-commands.ts';
import { type ReportStep, reportStep } from './report-steps.ts';
import * as vm from './report-vm-commands.ts';

/** The commands that a person would have typed for one entry. `because`: why there are none. */
export type StepCommands = { entry: Entry; commands: string[]; because?: string };

const COMMANDS: Readonly<Record<StepId, (step: ReportStep) => string[]>> = {
  'start-snapshots': vm.startSnapshots,
  'keep-disks': vm.keepDisks,
  'capture-evidence': cluster.captureEvidence,
  'cordon-node': cluster.cordonNode,
  'deny-pod-network': cluster.denyPodNetwork,
  'quarantine-pod': cluster.quarantinePod,
  'freeze-workload': cluster.freezeWorkload,
  'attach-forensics': cluster.attachForensics,
  'leave-group': vm.leaveGroup,
  'restore-group-size': vm.restoreGroupSize,
  'drain-node': cluster.drainNode,
  'deny-node-network': vm.denyNodeNetwork,
  'remove-external-ip': vm.removeExternalIp,
  'open-investigation-access': vm.openInvestigationAccess,
  'sandbox-workload': cluster.sandboxWorkload,
  'delete-pod': cluster.deletePod,
  'snapshots-ready': vm.snapshotsReady,
  'delete-workload': cluster.deleteWorkload,
  'kill-container': cluster.killContainer,
  'delete-host': vm.deleteHost,
};

/** States in which something was changed, or would have been. Entries in other states have no commands. */
const DONE: readonly Entry['state'][] = [
  'applying',
  'pending',
  'applied',
  'dry-run',
  'undone',
  'not-undoable',
  'failed',
];

const commandsOf = (step: ReportStep): StepCommands => {
  const { entry } = step;
  try {
    return { entry, commands: COMMANDS[entry.step](step) };
  } catch (thrown) {
    // Where a document of another release or a foreign name does not provide what a command needs, the reason is given
    // instead of a guess.
    const because = thrown instanceof Malformed ? thrown.message : 'the record does not hold what a command would need';
    return { entry, commands: [], because };
  }
};

/** The commands of every step that was carried out, in the order of the journal. */
export const reportCommands = (incident: Incident, hosts: ReadonlyMap<string, Host>): StepCommands[] =>
  incident.journal
    .filter(({ state }) => DONE.includes(state))
    .map((entry) => commandsOf(reportStep(entry, incident, hosts)))
    .filter(({ commands, because }) => commands.length > 0 || because !== undefined);

/** The command that gets access to the cluster for the other commands; undefined where the target names no cluster. */
export const credentialsLine = ({ target }: Incident): string | undefined => {
  const at = clusterOf(target);
  return at === undefined ? undefined : shellLine(...credentialsWords(at));
};
