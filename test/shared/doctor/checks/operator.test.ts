import { strict as assert } from 'node:assert';
import { fn, part, tellsOf } from '../broken.ts';
import { type Deployment, healthy } from '../deployment.ts';
import { examineProject, POLICY } from '../kit.ts';

const takes = (d: Deployment, audience: string): void => {
  part(part(fn(d, 'operate'), 'serviceConfig'), 'environmentVariables').FIREBREAK_OPERATOR_AUDIENCE = audience;
};

tellsOf('operator', [
  {
    what: 'somebody who may not publish requests',
    status: 'warn',
    subject: 'firebreak-requests',
    says: /you may not publish to it/,
    next: /^gcloud pubsub topics add-iam-policy-binding firebreak-requests --project=p1 --role=roles\/pubsub.publisher --member=/,
    breaks: (d) => {
      d.mine = [];
    },
  },
  {
    what: 'somebody whom nothing proves',
    status: 'warn',
    subject: 'identity',
    says: /carry no proof of who you are/,
    next: /^gcloud auth login$/,
    breaks: (d) => {
      d.idToken = undefined;
    },
  },
  {
    what: 'tokens that operate does not take',
    status: 'warn',
    subject: 'identity',
    says: /refuses your requests: .* for the audience 32555940559\.apps.*, and operate accepts firebreak-p1/,
    next: /^terraform apply +# after adding 32555940559\.apps\.googleusercontent\.com to operator_audience/,
    breaks: (d) => takes(d, 'firebreak-p1'),
  },
  {
    what: 'an operate that takes what the console passes on, and no token of gcloud',
    status: 'warn',
    subject: 'identity',
    says: /accepts no ID token, .* it refuses your requests if they carry an ID token, and without one it refuses the deleting tiers, release and resume$/,
    next: /^terraform apply +# after adding 32555940559\.apps\.googleusercontent\.com to operator_audience; until then, use --no-id-token/,
    breaks: (d) => takes(d, '/projects/123/global/backendServices/456'),
  },
  {
    what: 'the same to somebody whom nothing proves',
    status: 'warn',
    subject: 'identity',
    says: /accepts no ID token/,
    next: /^terraform apply +# after adding 32555940559\.apps\.googleusercontent\.com to operator_audience/,
    breaks: (d) => {
      d.idToken = undefined;
      takes(d, '/projects/123/global/backendServices/456');
    },
  },
  {
    what: 'a policy that takes every Google account as an operator',
    status: 'warn',
    subject: 'policy.yaml',
    says: /^names no operators, so operate takes every Google account as a verified one/,
    next: /^firebreak policy check policy\.yaml {2}# after naming emails or domains under operators$/,
    expected: { policy: async () => ({ ...POLICY, namesOperators: false }) },
  },
]);

describe('firebreak doctor: operator', () => {
  it('leaves it to Identity-Aware Proxy who gets in, where operate takes no token', async () => {
    const deployment = healthy();
    takes(deployment, '/projects/123/global/backendServices/456');
    const expected = { policy: async () => ({ ...POLICY, namesOperators: false }) };
    const { examined } = await examineProject(deployment, { expected, checks: ['operator'] });
    assert.ok(examined.every(({ verdicts }) => verdicts.every(({ subject }) => subject !== 'policy.yaml')));
  });

  it('is ok if operate verifies nobody', async () => {
    const deployment = healthy();
    takes(deployment, '');
    const { examined } = await examineProject(deployment, { checks: ['operator'] });
    assert.deepEqual(examined[0]?.verdicts.at(-1), {
      status: 'ok',
      subject: 'identity',
      says: 'operate verifies nobody, and shows names as claimed',
    });
  });
});
