import { sccCryptomining } from '../../../../shared/detection/rules/scc-cryptomining.ts';
import { sccCases } from '../threat-cases.ts';

describe('scc-cryptomining', () => {
  sccCases(sccCryptomining, {
    fires: [
      [
        'the hash of a miner',
        { category: 'Execution: Cryptocurrency Mining Hash Match' },
        { severity: 'critical', confidence: 0.95, conclusive: true },
      ],
      [
        'what memory looks like',
        { category: 'execution: cryptocurrency mining yara rule' },
        { severity: 'critical', confidence: 0.85 },
      ],
      ['a pool in DNS', { category: 'Malware: Cryptomining Bad Domain' }, { severity: 'high', confidence: 0.8 }],
    ],
    misses: [
      ['a finding of a name that is only like one of its own', { category: 'Execution: Cryptocurrency Mining' }],
    ],
  });
});
