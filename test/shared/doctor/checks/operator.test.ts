import { tellsOf } from '../broken.ts';

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
]);
