import { quote } from '../../text.ts';
import { adminRule } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';
import { grantsIn, isPublic } from '../members.ts';

/** A bucket whose contents everybody may now read or write. */
export const bucketMadePublic = adminRule({
  id: 'bucket-made-public',
  title: 'Bucket made public',
  sees: 'A change of the access policy of a bucket that gives a role to everybody, or to everybody with a Google account.',
  why: 'Anyone can take its contents, and scanners find it within hours.',
  technique: [{ id: 'T1530', name: 'Data from Cloud Storage' }],
  severity: 'high',
  confidence: 0.75,
  family: 'identity',
  falsePositives: ['Web sites', 'Downloads that are meant for everybody'],
  services: ['storage.googleapis.com'],
  methods: 'storage[.](setIamPermissions|buckets[.]setIamPolicy)',
  example: 'gcloud storage buckets add-iam-policy-binding gs://b1 --member=allUsers --role=roles/storage.objectViewer',
  match: (signal) => {
    const found = signal.policyDelta === undefined ? [] : grantsIn(signal).filter(({ member }) => isPublic(member));
    if (found.length === 0) return undefined;
    const shown = found.slice(0, 5).map(({ role, member }) => `${quote(role, 100)} to ${quote(member, 60)}`);
    return {
      because: [`${shownCaller(signal)} gave ${shown.join(', ')} on ${quote(signal.resourceName ?? 'a bucket')}`],
    };
  },
});
