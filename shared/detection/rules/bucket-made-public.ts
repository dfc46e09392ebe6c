import { adminRule } from '../admin-rule.ts';
import { newGrantsIn, shownGrants } from '../grants.ts';
import { isPublic } from '../members.ts';

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
    const found = newGrantsIn(signal).filter(({ member }) => isPublic(member));
    return found.length === 0 ? undefined : { because: [shownGrants(signal, found, 'a bucket')] };
  },
});
