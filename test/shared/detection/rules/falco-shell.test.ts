import { falcoShell } from '../../../../shared/detection/rules/falco-shell.ts';
import { falcoCases } from '../threat-cases.ts';

describe('falco-shell', () => {
  falcoCases(falcoShell, {
    fires: [
      ['a terminal', { rule: 'Terminal shell in container' }, { severity: 'medium', confidence: 0.45 }],
      [
        'whatever priority it has',
        { rule: 'terminal  shell in Container', priority: 'Emergency' },
        { severity: 'medium', confidence: 0.45 },
      ],
    ],
    misses: [['a name that is only like its own', { rule: 'Terminal in container' }]],
  });
});
