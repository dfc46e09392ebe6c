import { falcoShell } from '../../../../shared/detection/rules/falco-shell.ts';
import { falcoCases } from '../threat-cases.ts';

describe('falco-shell', () => {
  falcoCases(falcoShell, {
    fires: [
      ['a shell of a server', { rule: 'Run shell untrusted' }, { severity: 'medium', confidence: 0.45 }],
      ['a terminal', { rule: 'Terminal shell in container' }, { severity: 'medium', confidence: 0.15 }],
      [
        'whatever priority it has',
        { rule: 'terminal  shell in Container', priority: 'Emergency' },
        { severity: 'medium', confidence: 0.15 },
      ],
    ],
    misses: [['a name that is only like its own', { rule: 'Terminal in container' }]],
  });
});
