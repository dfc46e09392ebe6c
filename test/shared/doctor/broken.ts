import { strict as assert } from 'node:assert';
import type { Verdict } from '../../../shared/doctor/check.ts';
import type { Expected } from '../../../shared/doctor/readers.ts';
import { type Deployment, healthy } from './deployment.ts';
import { LOCATION } from './deployment-parts.ts';
import { examineProject } from './kit.ts';

export type Json = Record<string, unknown>;

/** One broken thing, and how doctor must report it. */
export type Broken = {
  what: string;
  status: 'warn' | 'fail';
  subject: string;
  says: RegExp;
  next: RegExp;
  expected?: Partial<Expected>;
  breaks?(deployment: Deployment): void;
};

export const named = (all: Json[], end: string): Json => {
  const found = all.find((one) => String(one.name).endsWith(end));
  assert.ok(found, end);
  return found;
};
export const without = (all: Json[], end: string): Json[] => {
  named(all, end);
  return all.filter((one) => !String(one.name).endsWith(end));
};
export const part = (of: Json, key: string): Json => Object(of[key]);
export const fn = (d: Deployment, name: string): Json => named(d.functions, `/functions/firebreak-${name}`);
export const start = (d: Deployment, name: string, arrow: string): Json => {
  const found = d.entries
    .map((one) => part(one, 'jsonPayload'))
    .find((one) => one.function === name && one.arrow === arrow);
  assert.ok(found);
  return found;
};
export const cluster = (d: Deployment) => {
  const found = d.clusters[`${LOCATION}/c1`];
  assert.ok(found);
  return found;
};
/** Brings findings of the Falco of cluster c1. */
export const withFalco = (d: Deployment): void => {
  part(part(fn(d, 'detect-threat'), 'serviceConfig'), 'environmentVariables').FIREBREAK_THREAT_TOPICS =
    '{"threat-europe-west1-c1":{"project":"p1","location":"europe-west1","cluster":"c1"}}';
};
export const APPLY = /^terraform apply$/;

/**
 * The expected report if a check may not read, with the role to grant. `start`: a service and the beginning of its
 * paths.
 */
export const unreadable = (start: string, role: string): Broken => ({
  what: 'what may not be read',
  status: 'fail',
  subject: 'p1',
  says: /^cannot be read: [a-z]+\.googleapis\.com\/\S+ refused \(403\)/,
  next: new RegExp(`^gcloud projects add-iam-policy-binding p1 --role=${role} --member="user:`),
  breaks: (d) => void d.refused.set(start, 403),
});

/** Breaks one thing at a time in a healthy project, and expects the check to report it. */
export const tellsOf = (check: string, broken: readonly Broken[]): void => {
  describe(`firebreak doctor: ${check}`, () => {
    for (const { what, status, subject, says, next, expected = {}, breaks } of broken) {
      it(`reports ${what}`, async () => {
        const deployment = healthy();
        breaks?.(deployment);
        const { examined } = await examineProject(deployment, { expected, checks: [check] });
        const verdicts: readonly Verdict[] = examined.flatMap((one) => one.verdicts);
        const told = verdicts.flatMap((one) => (one.status === 'ok' ? [] : [one]));
        const one = told.find((each) => each.subject === subject && says.test(each.says));
        assert.ok(one, JSON.stringify(told, null, 2));
        assert.equal(one.status, status);
        assert.match(one.next, next);
      });
    }
  });
};
