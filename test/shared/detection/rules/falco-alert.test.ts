import { falcoAlert } from '../../../../shared/detection/rules/falco-alert.ts';
import { falcoCases } from '../threat-cases.ts';

describe('falco-alert', () => {
  falcoCases(falcoAlert, {
    fires: [
      [
        "a rule of one's own, at the highest priority",
        { rule: 'My own rule', priority: 'Emergency' },
        { severity: 'high', confidence: 0.6 },
      ],
      ['an error', { rule: 'My own rule', priority: 'ERROR' }, { severity: 'medium', confidence: 0.55 }],
      ['a notice', { rule: 'My own rule', priority: 'Notice' }, { severity: 'low', confidence: 0.35 }],
      ['no priority', { rule: 'My own rule', priority: '' }, { severity: 'low', confidence: 0.2 }],
      [
        'a priority that Falco does not have',
        { rule: 'My own rule', priority: 'constructor' },
        { severity: 'low', confidence: 0.2 },
      ],
    ],
    misses: [
      ['an alert in which another rule sees something', { rule: 'Terminal shell in container', priority: 'Critical' }],
    ],
  });
});
