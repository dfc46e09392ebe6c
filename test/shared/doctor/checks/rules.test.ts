import { part, start, tellsOf } from '../broken.ts';

tellsOf('rules', [
  {
    what: 'other rules in force',
    status: 'fail',
    subject: 'detect-threat',
    says: /has read the rules ffffffffffffffff/,
    next: /^firebreak rules --rules rules.yaml && terraform apply$/,
    breaks: (d) =>
      Object.assign(part(start(d, 'detect-threat', 'file -> rules'), 'fields'), { rules: 'ffffffffffffffff' }),
  },
]);
