import { quote } from '../../text.ts';
import { adminRule } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';
import { grantsIn, strangerOf } from '../members.ts';

/** Somebody outside the deployment was allowed to copy a disk, an image or a snapshot. */
export const diskSharedOutside = adminRule({
  id: 'disk-shared-outside',
  title: 'Disk, image or snapshot shared with outsiders',
  sees: 'A change of the access policy of a disk, an image or a snapshot that gives a role to everybody, to a consumer account, or to a domain outside this deployment (where its domains are not known: a domain other than that of the caller).',
  why: 'It copies the contents of a disk out of the project, and no monitored network carries the data.',
  technique: [{ id: 'T1537', name: 'Transfer Data to Cloud Account' }],
  severity: 'high',
  confidence: 0.8,
  family: 'identity',
  falsePositives: ['Published images'],
  services: ['compute.googleapis.com'],
  methods: '(disks|regionDisks|images|snapshots|instantSnapshots|machineImages)[.]setIamPolicy',
  example: 'gcloud compute disks add-iam-policy-binding d1 --member=user:somebody@gmail.com --role=roles/owner',
  match: (signal, known) => {
    const found = grantsIn(signal).filter(({ member }) => strangerOf(member, known, signal.principal) !== undefined);
    if (found.length === 0) return undefined;
    const shown = found.slice(0, 5).map(({ role, member }) => `${quote(role, 100)} to ${quote(member)}`);
    return {
      because: [`${shownCaller(signal)} gave ${shown.join(', ')} on ${quote(signal.resourceName ?? 'a disk')}`],
    };
  },
});
