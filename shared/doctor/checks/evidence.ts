import { functionName } from '../../deployment.ts';
import { fail, ofProject, ok, type Verdict } from '../check.ts';
import { APPLY } from '../next.ts';
import type { DeployedBucket } from '../readers.ts';

type Facts = { name: string | undefined; bucket: DeployedBucket | undefined };

const DAY = 86_400;

/** Checks the bucket in which evidence is kept. */
export const evidence = ofProject<Facts>({
  id: 'evidence',
  does: 'The evidence bucket exists, has a retention period, and cannot be made public.',
  role: 'roles/storage.bucketViewer',
  read: async ({ project }) => {
    const contain = (await project.functions()).find(({ name }) => name === functionName('contain'));
    const name = /^gs:\/\/(.+)$/.exec(contain?.environment.FIREBREAK_EVIDENCE ?? '')?.[1];
    return { name, bucket: name === undefined ? undefined : await project.bucket(name) };
  },
  judge: ({ name, bucket }): Verdict[] => {
    if (name === undefined) return [fail('evidence', 'contain is told of no bucket to keep evidence in', APPLY)];
    const subject = `gs://${name}`;
    if (bucket === undefined) return [fail(subject, 'is not there: no evidence is kept', APPLY)];
    const { retentionSeconds = 0, locked, uniformAccess, publicAccessPrevented } = bucket;
    const days = Math.floor(retentionSeconds / DAY);
    const verdicts: Verdict[] = [
      ...(retentionSeconds > 0 ? [] : [fail(subject, 'has no retention: evidence can be deleted at any time', APPLY)]),
      ...(uniformAccess ? [] : [fail(subject, 'lets single objects be shared: uniform access is off', APPLY)]),
      ...(publicAccessPrevented ? [] : [fail(subject, 'can be opened to the public', APPLY)]),
    ];
    return verdicts.length > 0
      ? verdicts
      : [ok(subject, `keeps evidence for ${days} days${locked ? ', locked' : '; its owner may shorten that'}`)];
  },
});
