import { fn, part, tellsOf } from '../broken.ts';

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
    says: /refused: they prove who you are to 32555940559\.apps.*, and operate takes firebreak-p1/,
    next: /^terraform apply +# with 32555940559\.apps\.googleusercontent\.com among operator_audience/,
    breaks: (d) => {
      part(part(fn(d, 'operate'), 'serviceConfig'), 'environmentVariables').FIREBREAK_OPERATOR_AUDIENCE =
        'firebreak-p1';
    },
  },
]);
