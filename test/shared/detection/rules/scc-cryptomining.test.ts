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
      [
        'a command line of a miner, under whatever name',
        { category: 'Added Binary Executed', processes: [['/tmp/w', '-o', 'stratum+tcp://198.51.100.7:3333']] },
        { severity: 'critical', confidence: 0.95, conclusive: true },
      ],
      [
        'a hash, which says more than its command line',
        { category: 'Execution: cryptocurrency mining combined detection', processes: [['/tmp/xmrig']] },
        { severity: 'critical', confidence: 0.98, conclusive: true },
      ],
      [
        'a rule about memory, and a command line that says more',
        { category: 'Execution: Cryptocurrency Mining YARA Rule', processes: [['/tmp/xmrig']] },
        { severity: 'critical', confidence: 0.95, conclusive: true },
      ],
      ['a pool in DNS', { category: 'Malware: Cryptomining Bad Domain' }, { severity: 'high', confidence: 0.8 }],
    ],
    misses: [
      ['who looks for miners', { category: 'Unexpected Child Shell', processes: [['pgrep', '-f', 'xmrig']] }],
      ['a finding of a name that is only like one of its own', { category: 'Execution: Cryptocurrency Mining' }],
    ],
  });
});
