import { APPLY, tellsOf, unreadable } from '../broken.ts';

tellsOf('delivery', [
  {
    what: 'a function that everybody may call',
    status: 'fail',
    subject: 'firebreak-contain',
    says: /may be called by allUsers/,
    next: APPLY,
    breaks: (d) =>
      void d.policies['services/firebreak-contain']?.bindings.push({
        role: 'roles/run.invoker',
        members: ['allUsers'],
      }),
  },
  {
    what: 'a function that refuses its pushes',
    status: 'fail',
    subject: 'firebreak-contain',
    says: /receives no messages: firebreak-push@.*, as which Pub.Sub delivers, may not invoke it/,
    next: APPLY,
    breaks: (d) => {
      d.policies['services/firebreak-contain'] = { bindings: [] };
    },
  },
  {
    what: 'dead letters that nobody may write',
    status: 'fail',
    subject: 'firebreak-dead-letters',
    says: /may not publish/,
    next: APPLY,
    breaks: (d) => {
      d.policies['topics/firebreak-dead-letters'] = { bindings: [] };
    },
  },
  {
    what: 'dead letters that nobody may take out',
    status: 'fail',
    subject: 'firebreak-contain-containment',
    says: /may not acknowledge messages/,
    next: APPLY,
    breaks: (d) => {
      d.policies['subscriptions/firebreak-contain-containment'] = { bindings: [] };
    },
  },
  unreadable('run /', 'roles/iam.securityReviewer'),
]);
