import { adminRule } from '../admin-rule.ts';
import { grantsIn, shownGrants } from '../grants.ts';
import { strangerOf } from '../members.ts';

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
    return found.length === 0 ? undefined : { because: [shownGrants(signal, found, 'a disk')] };
  },
});
