import { sccThreat } from '../../../../shared/detection/rules/scc-threat.ts';
import { sccCases } from '../threat-cases.ts';

const category = 'Brute Force: SSH';

describe('scc-threat', () => {
  sccCases(sccThreat, {
    fires: [
      ['a threat without a table entry, as high as it says', { category }, { severity: 'high', confidence: 0.6 }],
      ['a critical one', { category, severity: 'CRITICAL' }, { severity: 'critical', confidence: 0.65 }],
      ['a low one', { category, severity: 'LOW' }, { severity: 'low', confidence: 0.4 }],
      ['one that does not say', { category, severity: 'SEVERITY_UNSPECIFIED' }, { severity: 'low', confidence: 0.4 }],
      ['one that says what no finding has', { category, severity: 'toString' }, { severity: 'low', confidence: 0.4 }],
    ],
    misses: [['a threat that another rule has a view of', { category: 'Reverse Shell' }]],
  });
});
