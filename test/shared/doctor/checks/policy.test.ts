import { APPLY, part, start, tellsOf, unreadable } from '../broken.ts';
import { DRY_HASH } from '../deployment-parts.ts';

tellsOf('policy', [
  {
    what: 'another policy in force',
    status: 'fail',
    subject: 'contain',
    says: /has read the policy ffffffffffffffff, but policy.yaml is 0a1c5f8a7b561524/,
    next: /^firebreak policy check policy.yaml && terraform apply$/,
    breaks: (d) => Object.assign(part(start(d, 'contain', 'file -> policy'), 'fields'), { policy: 'ffffffffffffffff' }),
  },
  {
    what: 'a function that has said nothing of its policy',
    status: 'warn',
    subject: 'contain',
    says: /has not logged which policy/,
    next: /gcloud logging read contain/,
    breaks: (d) => {
      d.entries = d.entries.filter((one) => Object(one.jsonPayload).function !== 'contain');
    },
  },
  {
    what: 'a policy that only records',
    status: 'warn',
    subject: 'policy.yaml',
    says: /in force in mode dry-run/,
    next: /^firebreak simulate FILE$/,
    breaks: (d) => {
      for (const name of ['decide', 'operate', 'contain'])
        Object.assign(part(start(d, name, 'file -> policy'), 'fields'), { policy: DRY_HASH });
    },
  },
  {
    what: 'a policy that is read in two modes',
    status: 'fail',
    subject: 'policy.yaml',
    says: /was read in different modes/,
    next: APPLY,
    breaks: (d) => Object.assign(part(start(d, 'decide', 'file -> policy'), 'fields'), { policy: DRY_HASH }),
  },
  unreadable('logging /v2/entries:list', 'roles/logging.viewer'),
]);
