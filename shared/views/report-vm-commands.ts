import { z } from 'zod';
import { INVESTIGATE_TAG, investigationRule } from '../containment/investigation.ts';
import { QUARANTINE_TAG, quarantineRules } from '../containment/quarantine-rules.ts';
import { DEFAULT_SETTINGS } from '../containment/settings.ts';
import { snapshotName } from '../containment/verdicts/snapshots.ts';
import type { FirewallRule } from '../model/firewall.ts';
import { shellLine } from '../shell.ts';
import { computeName, placeOf, printable, vmWords } from './report-names.ts';
import { imageIn, type ReportStep } from './report-steps.ts';

const snapshots = z.looseObject({ disks: z.array(z.looseObject({ url: z.string(), id: z.string() })) });
const devices = z.looseObject({ devices: z.array(z.string()) });
const left = z.looseObject({ group: z.string() });
const replaced = z.looseObject({ group: z.string(), name: z.string() });
const cut = z.looseObject({ networks: z.array(z.string()) });
const addressed = z.looseObject({
  addresses: z.array(z.looseObject({ nic: z.string(), config: z.looseObject({ name: z.string() }) })),
});
const deleted = z.looseObject({ name: z.string(), group: z.string().optional() });

const COMPUTE = ['gcloud', 'compute'] as const;
export const INSTANCES = [...COMPUTE, 'instances'] as const;
const GROUPS = [...COMPUTE, 'instance-groups', 'managed'] as const;

/**
 * The snapshots that this step makes, by disk. Their names are derived from incident and disk. A step that found a
 * recent snapshot of somebody else made none: its entry says which ones it relies on.
 */
export const snapshotsOf = (step: ReportStep): Array<{ snapshot: string; url: string; id: string }> =>
  imageIn(snapshots, step).disks.map(({ url, id }) => ({ snapshot: snapshotName(step.incident.id, id), url, id }));

/** The command that lists every snapshot of one disk. */
export const snapshotsOfDisk = ({ url, id }: { url: string; id: string }): string =>
  shellLine(
    ...COMPUTE,
    'snapshots',
    'list',
    `--filter=sourceDiskId=${computeName(id)}`,
    `--project=${placeOf(url).project}`,
  );

export const startSnapshots = (step: ReportStep): string[] =>
  snapshotsOf(step).map(({ snapshot, url }) => {
    const { name, project, region, where } = placeOf(url, 'source-disk-');
    const labels = `--labels=firebreak-incident=${printable(step.incident.id)}`;
    const stored = `--storage-location=${region}`;
    const words = [computeName(snapshot), `--source-disk=${name}`, where, stored, `--project=${project}`, labels];
    return shellLine(...COMPUTE, 'snapshots', 'create', ...words);
  });

export const snapshotsReady = (step: ReportStep): string[] => {
  const { at } = vmWords(step.host());
  const filter = `--filter=labels.firebreak-incident=${printable(step.incident.id)}`;
  return [shellLine(...COMPUTE, 'snapshots', 'list', filter, '--format=table(name,status,creationTimestamp)', at[1])];
};

/** The commands that say of each disk of a VM whether it goes with the VM. */
export const autoDeleteLines = (step: ReportStep, flag: '--auto-delete' | '--no-auto-delete'): string[] => {
  const { name, at } = vmWords(step.host());
  return imageIn(devices, step).devices.map((device) =>
    shellLine(...INSTANCES, 'set-disk-auto-delete', name, ...at, flag, `--device-name=${printable(device)}`),
  );
};

export const keepDisks = (step: ReportStep): string[] => autoDeleteLines(step, '--no-auto-delete');

/**
 * The group of a VM, with the VM's own project: Google writes the project in `created-by` as a number, but people know
 * its id.
 */
const groupWords = (step: ReportStep, group: string): string[] => {
  const { name, where } = placeOf(group);
  return [name, where, vmWords(step.host()).at[1]];
};

export const leaveGroup = (step: ReportStep): string[] => {
  const { name } = vmWords(step.host());
  const group = groupWords(step, imageIn(left, step).group);
  return [shellLine(...GROUPS, 'abandon-instances', ...group, `--instances=${name}`)];
};

export const restoreGroupSize = (step: ReportStep): string[] => {
  const { group, name } = imageIn(replaced, step);
  return [shellLine(...GROUPS, 'create-instance', ...groupWords(step, group), `--instance=${computeName(name)}`)];
};

const ruleLine = (rule: FirewallRule): string => {
  const { name, project } = placeOf(rule.network);
  const ranges = rule.direction === 'EGRESS' ? '--destination-ranges' : '--source-ranges';
  return shellLine(
    ...COMPUTE,
    'firewall-rules',
    'create',
    computeName(rule.name),
    `--project=${project}`,
    `--network=${name}`,
    `--direction=${rule.direction}`,
    `--action=${rule.action.toUpperCase()}`,
    `--rules=${rule.protocols.join(',')}`,
    `--priority=${rule.priority}`,
    `${ranges}=${rule.ranges.join(',')}`,
    `--target-tags=${rule.targetTags.join(',')}`,
    '--enable-logging',
  );
};

const tagLine = (step: ReportStep, tag: string): string => {
  const { name, at } = vmWords(step.host());
  return shellLine(...INSTANCES, 'add-tags', name, ...at, `--tags=${tag}`);
};

export const denyNodeNetwork = (step: ReportStep): string[] => [
  ...imageIn(cut, step).networks.flatMap(quarantineRules).map(ruleLine),
  tagLine(step, QUARANTINE_TAG),
];

export const removeExternalIp = (step: ReportStep): string[] => {
  const { name, at } = vmWords(step.host());
  return imageIn(addressed, step).addresses.map(({ nic, config }) => {
    const which = [`--network-interface=${printable(nic)}`, `--access-config-name=${printable(config.name)}`];
    return shellLine(...INSTANCES, 'delete-access-config', name, ...at, ...which);
  });
};

/** The command by which an investigator gets in: the one in the record, else one through Identity-Aware Proxy. */
export const sshLineOf = (step: ReportStep): string => {
  const said =
    /^gcloud compute ssh ([A-Za-z0-9_.-]+@)?[a-z0-9-]+ --project=[a-z0-9.:-]+ --zone=[a-z0-9-]+ --(internal-ip|tunnel-through-iap)/.exec(
      step.entry.because ?? '',
    );
  const { name, at } = vmWords(step.host());
  return said?.[0] ?? shellLine(...COMPUTE, 'ssh', name, ...at, '--tunnel-through-iap');
};

export const openInvestigationAccess = (step: ReportStep): string[] => {
  const { from } = DEFAULT_SETTINGS.investigation;
  const rules = imageIn(cut, step).networks.map((network) => investigationRule(step.host().id, network, from));
  return [...rules.map(ruleLine), tagLine(step, INVESTIGATE_TAG), sshLineOf(step)];
};

export const deleteHost = (step: ReportStep): string[] => {
  const { name, at } = vmWords(step.host());
  const { group } = imageIn(deleted, step);
  if (group === undefined) return [shellLine(...INSTANCES, 'delete', name, ...at, '--keep-disks=all', '--quiet')];
  return [shellLine(...GROUPS, 'delete-instances', ...groupWords(step, group), `--instances=${name}`)];
};
