import { quote } from '../../text.ts';
import { adminRule } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';
import { isGoogleAgent } from '../members.ts';

/** The names of our own snapshots. */
const OURS = /\/snapshots\/fb-[0-9a-f]{40}$/;
/** The confidence for service accounts: retention deletes old snapshots and backups with them every day. */
const BY_AUTOMATION = 0.3;

/** Somebody deleted snapshots or backups, as attackers do before they destroy data. */
export const recoveryDeleted = adminRule({
  id: 'recovery-deleted',
  title: 'Snapshot or backup deleted',
  sees: 'A disk snapshot, a GKE backup or a backup plan that is deleted by anyone but a service of Google: medium 0.50, or 0.30 by a service account. A snapshot that Firebreak took as evidence: high.',
  why: 'Attackers who destroy data or demand a ransom first delete what it could be restored from. Snapshots also hold evidence.',
  technique: [
    { id: 'T1490', name: 'Inhibit System Recovery' },
    { id: 'T1485', name: 'Data Destruction' },
  ],
  severity: 'high',
  confidence: 0.8,
  family: 'identity',
  falsePositives: ['Retention scripts', 'Evidence that is no longer needed'],
  services: ['compute.googleapis.com', 'gkebackup.googleapis.com'],
  methods: '(snapshots|instantSnapshots|regionInstantSnapshots|machineImages)[.]delete|Delete(Backup|BackupPlan)',
  example: 'gcloud compute snapshots delete nightly-1',
  match: (signal) => {
    const { principal, principalClass, resourceName = '' } = signal;
    if (isGoogleAgent(principal) || principalClass === 'system') return undefined;
    const because = [`${shownCaller(signal)} deleted ${quote(resourceName, 200)}`];
    if (OURS.test(resourceName)) return { because: [...because, 'Firebreak took it as evidence'] };
    return { because, severity: 'medium', confidence: principalClass === 'automation' ? BY_AUTOMATION : 0.5 };
  },
});
