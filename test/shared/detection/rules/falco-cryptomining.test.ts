import { falcoCryptomining } from '../../../../shared/detection/rules/falco-cryptomining.ts';
import { falcoCases } from '../threat-cases.ts';

describe('falco-cryptomining', () => {
  falcoCases(falcoCryptomining, {
    fires: [
      [
        'the protocol',
        { rule: 'Detect crypto miners using the Stratum protocol' },
        { severity: 'critical', confidence: 0.92, conclusive: true },
      ],
      [
        "a pool's port",
        { rule: 'Detect outbound connections to common miner pool ports' },
        { severity: 'high', confidence: 0.8 },
      ],
      [
        'a command line of a miner, under whatever rule',
        {
          rule: 'Terminal shell in container',
          command: './kworker --donate-level 1 -o stratum+tcp://198.51.100.7:3333',
        },
        { severity: 'critical', confidence: 0.95, conclusive: true },
      ],
    ],
    misses: [
      ['somebody who looks for miners', { rule: 'Terminal shell in container', command: 'pgrep xmrig' }],
      ['a name that is only like its own', { rule: 'Detect crypto traders' }],
    ],
  });
});
