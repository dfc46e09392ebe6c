import { fail, ofProject, ok, type Verdict } from '../check.ts';
import { APPLY } from '../next.ts';
import type { DeployedBucket } from '../readers.ts';
import { evidenceBucket } from '../served.ts';

type Facts = { name: string | undefined; bucket: DeployedBucket | undefined };

const DAY = 86_400;

/** Checks the bucket in which evidence is kept. */
export const evidence = ofProject<Facts>({
  id: 'evidence',
  does: 'The bucket for the evidence exists, has a retention, and cannot be made public.',
  role: 'roles/storage.bucketViewer',
  read: async ({ project }) => {
    const name = evidenceBucket(await project.functions());
    return { name, bucket: name === undefined ? undefined : await project.bucket(name) };
  },
  judge: ({ name, bucket }): Verdict[] => {
    if (name === undefined) return [fail('evidence', 'contain has no bucket for evidence in its settings', APPLY)];
    const subject = `gs://${name}`;
    if (bucket === undefined) return [fail(subject, 'does not exist, so no evidence is kept', APPLY)];
    const { retentionSeconds = 0, locked, uniformAccess, publicAccessPrevented } = bucket;
    const days = Math.floor(retentionSeconds / DAY);
    const verdicts: Verdict[] = [
      ...(retentionSeconds > 0
        ? []
        : [fail(subject, 'has no retention, so evidence can be deleted at any time', APPLY)]),
      ...(uniformAccess ? [] : [fail(subject, 'has uniform access off, so single objects can be shared', APPLY)]),
      ...(publicAccessPrevented ? [] : [fail(subject, 'can be made public: public access prevention is off', APPLY)]),
    ];
    return verdicts.length > 0
      ? verdicts
      : [
          ok(
            subject,
            `keeps evidence for ${days} days${locked ? ', locked' : '; not locked, so its owner may shorten that'}`,
          ),
        ];
  },
});
