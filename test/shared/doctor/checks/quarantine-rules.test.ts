import { strict as assert } from 'node:assert';
import { APPLY, tellsOf } from '../broken.ts';

tellsOf('quarantine-rules', [
  {
    what: 'a quarantine rule that is missing',
    status: 'warn',
    subject: 'projects/p1/global/networks/default',
    says: /has no rule firebreak-default-.*-deny-ingress-ipv4/,
    next: APPLY,
    breaks: (d) => {
      const name = Object.keys(d.firewalls).find((one) => one.endsWith('ingress-ipv4'));
      assert.ok(name);
      delete d.firewalls[name];
    },
  },
  {
    what: 'a quarantine rule that is disabled',
    status: 'warn',
    subject: 'projects/p1/global/networks/default',
    says: /-deny-egress-ipv6 that was changed/,
    next: APPLY,
    breaks: (d) => {
      const name = Object.keys(d.firewalls).find((one) => one.endsWith('egress-ipv6'));
      Object.assign(Object(d.firewalls[name ?? '']), { disabled: true });
    },
  },
]);
