import { strict as assert } from 'node:assert';
import { fn, part, tellsOf } from '../broken.ts';
import { type Deployment, healthy } from '../deployment.ts';
import { examineProject } from '../kit.ts';

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
    says: /nothing proves who you are/,
    next: /^gcloud auth login$/,
    breaks: (d) => {
      d.idToken = undefined;
    },
  },
  {
    what: 'tokens that operate does not take',
    status: 'warn',
    subject: 'identity',
    says: /refused: they prove who you are to 32555940559\.apps.*, and operate accepts proofs to firebreak-p1/,
    next: /^terraform apply +# with 32555940559\.apps\.googleusercontent\.com among operator_audience/,
    breaks: (d) => takes(d, 'firebreak-p1'),
  },
  {
    what: 'an operate that takes what the console passes on, and no token of gcloud',
    status: 'warn',
    subject: 'identity',
    says: /accepts no ID token, .*: requests with your ID token are refused, and so are the deleting tiers, .* without one$/,
    next: /^terraform apply +# with 32555940559\.apps\.googleusercontent\.com among operator_audience; until then, --no-id-token/,
    breaks: (d) => takes(d, '/projects/123/global/backendServices/456'),
  },
  {
    what: 'the same to somebody whom nothing proves',
    status: 'warn',
    subject: 'identity',
    says: /accepts no ID token/,
    next: /^terraform apply +# with 32555940559\.apps\.googleusercontent\.com among operator_audience/,
    breaks: (d) => {
      d.idToken = undefined;
      takes(d, '/projects/123/global/backendServices/456');
    },
  },
]);

describe('firebreak doctor: operator', () => {
  it('is content where operate verifies nobody', async () => {
    const deployment = healthy();
    takes(deployment, '');
    const { examined } = await examineProject(deployment, { checks: ['operator'] });
    assert.deepEqual(examined[0]?.verdicts.at(-1), {
      status: 'ok',
      subject: 'identity',
      says: 'operate verifies nobody: names are shown as claimed',
    });
  });
});
