import { adminRule } from '../admin-rule.ts';
import { grantsIn, shownGrants } from '../grants.ts';
import { isGoogleAgent, nameOf, strangerOf } from '../members.ts';

/** For service accounts of other projects, of which nobody knows whether they are strangers. */
const ELSEWHERE = { severity: 'medium', confidence: 0.4 } as const;
const ACCOUNT = /^serviceAccount:[^@]{1,128}@([a-z0-9.:-]{1,60})\.iam\.gserviceaccount\.com$/i;

/** Somebody outside the deployment was allowed to copy a disk, an image or a snapshot. */
export const diskSharedOutside = adminRule({
  id: 'disk-shared-outside',
  title: 'Disk, image or snapshot shared with outsiders',
  sees: 'A change of the access policy of a disk, an image or a snapshot that gives a role to everybody, to a consumer account, or to a domain outside this deployment (where its domains are not known: a domain other than that of the caller). A service account of another project: medium 0.40.',
  why: 'It copies the contents of a disk out of the project, and no monitored network carries the data.',
  technique: [{ id: 'T1537', name: 'Transfer Data to Cloud Account' }],
  severity: 'high',
  confidence: 0.8,
  family: 'identity',
  falsePositives: ['Published images'],
  services: ['compute.googleapis.com'],
  methods: '((region)?(disks|(instant)?snapshots)|(machine)?images)[.]setIamPolicy',
  example: 'gcloud compute disks add-iam-policy-binding d1 --member=user:somebody@gmail.com --role=roles/owner',
  match: (signal, known) => {
    const grants = grantsIn(signal);
    const found = grants.filter(({ member }) => strangerOf(member, known, signal.principal) !== undefined);
    if (found.length > 0) return { because: [shownGrants(signal, found, 'a disk')] };
    const elsewhere = grants.filter(({ member }) => isElsewhere(member, signal.place.project));
    return elsewhere.length === 0 ? undefined : { because: [shownGrants(signal, elsewhere, 'a disk')], ...ELSEWHERE };
  },
});

/** Whether a member is a service account of another project, and none of Google's own. */
const isElsewhere = (member: string, project: string): boolean => {
  const home = ACCOUNT.exec(member)?.[1];
  return home !== undefined && home.toLowerCase() !== project && !isGoogleAgent(nameOf(member));
};
