import { at } from '../../kubernetes/loose.ts';
import type { AuditSignal } from '../../model/signal.ts';
import { quote } from '../../text.ts';
import { adminRule, verbOf } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';
import { isOfPlatform } from '../members.ts';

/** The names of our own snapshots. */
const OURS = /\/snapshots\/fb-[0-9a-f]{40}$/;
/** The confidence for service accounts: retention deletes old snapshots and backups with them every day. */
const BY_AUTOMATION = 0.3;

/** Somebody deleted snapshots, backups or keys, as attackers do to destroy data. */
export const recoveryDeleted = adminRule({
  id: 'recovery-deleted',
  title: 'Snapshot, backup or encryption key deleted',
  sees: 'A disk snapshot, a GKE backup or a backup plan that is deleted, or a version of a key of Cloud KMS that is destroyed or disabled, by anyone but a service of Google: medium 0.50, or 0.30 by a service account. A snapshot that Firebreak took as evidence: high.',
  why: 'Attackers who destroy data or demand a ransom first delete what it could be restored from. Snapshots also hold evidence. Without its key, no encrypted disk, backup or secret can be read.',
  technique: [
    { id: 'T1490', name: 'Inhibit System Recovery' },
    { id: 'T1485', name: 'Data Destruction' },
  ],
  severity: 'high',
  confidence: 0.8,
  family: 'identity',
  falsePositives: ['Retention scripts', 'Evidence that is no longer needed'],
  services: ['compute.googleapis.com', 'gkebackup.googleapis.com', 'cloudkms.googleapis.com'],
  methods: '((region)?(instant)?snapshots|machineImages)[.]delete|DeleteBackup(Plan)?|(Destroy|Update)CryptoKeyVersion',
  example: 'gcloud compute snapshots delete nightly-1',
  match: (signal) => {
    const { principalClass, resourceName = '' } = signal;
    if (isOfPlatform(signal)) return undefined;
    const did = didTo(signal);
    if (did === undefined) return undefined;
    const because = [`${shownCaller(signal)} ${did} ${quote(resourceName, 200)}`];
    if (OURS.test(resourceName)) return { because: [...because, 'Firebreak took it as evidence'] };
    return { because, severity: 'medium', confidence: principalClass === 'automation' ? BY_AUTOMATION : 0.5 };
  },
});

/** What was done to it; undefined for a key that stays in use. */
const didTo = (signal: AuditSignal): string | undefined => {
  const verb = verbOf(signal);
  if (verb === 'destroycryptokeyversion') return 'destroyed';
  if (verb !== 'updatecryptokeyversion') return 'deleted';
  return at(signal.request, 'cryptoKeyVersion', 'state') === 'DISABLED' ? 'disabled' : undefined;
};
