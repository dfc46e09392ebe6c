import { sccReverseShell } from '../../../../shared/detection/rules/scc-reverse-shell.ts';
import { sccCases } from '../threat-cases.ts';

describe('scc-reverse-shell', () => {
  sccCases(sccReverseShell, {
    fires: [
      ['a shell on a connection', { category: 'Reverse Shell' }, { severity: 'critical', confidence: 0.85 }],
      ["by the module's own name", { category: 'GKE_REVERSE_SHELL_POD' }, { severity: 'critical', confidence: 0.85 }],
    ],
    misses: [['a finding of a name that is only like one of its own', { category: 'Reverse Shellfish' }]],
  });
});
