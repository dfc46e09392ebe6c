import { falcoContainerEscape } from '../../../../shared/detection/rules/falco-container-escape.ts';
import { falcoCases } from '../threat-cases.ts';

describe('falco-container-escape', () => {
  falcoCases(falcoContainerEscape, {
    fires: [
      [
        'a release agent',
        { rule: 'Detect release_agent File Container Escapes' },
        { severity: 'high', confidence: 0.8 },
      ],
      ['a mount', { rule: 'Mount Launched in Privileged Container' }, { severity: 'medium', confidence: 0.5 }],
      ['a namespace', { rule: 'Change thread namespace' }, { severity: 'medium', confidence: 0.15 }],
    ],
    misses: [['a name that is only like its own', { rule: 'Change namespace' }]],
  });
});
