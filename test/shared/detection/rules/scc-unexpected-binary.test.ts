import { sccUnexpectedBinary } from '../../../../shared/detection/rules/scc-unexpected-binary.ts';
import { sccCases } from '../threat-cases.ts';

describe('scc-unexpected-binary', () => {
  sccCases(sccUnexpectedBinary, {
    fires: [
      ['a binary that was added', { category: 'Added Binary Executed' }, { severity: 'medium', confidence: 0.35 }],
      ['a shell of a child', { category: 'Unexpected Child Shell' }, { severity: 'medium', confidence: 0.45 }],
    ],
    misses: [
      [
        'a finding of a name that is only like one of its own',
        { category: 'Execution: Added Malicious Binary Executed' },
      ],
    ],
  });
});
