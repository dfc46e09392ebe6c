import { strict as assert } from 'node:assert';
import { KNOWN_RUNTIMES, killCommand, killedOf, runtimeOf } from '../../../../shared/containment/verdicts/runtimes.ts';

describe('containment/verdicts/runtimes', () => {
  it('knows a runtime by its version, and no other', () => {
    assert.equal(runtimeOf('containerd://1.7.24'), 'containerd');
    assert.equal(runtimeOf('docker://19.3.1'), 'docker');
    for (const odd of ['', 'rkt://1', 'constructor', '__proto__://1']) assert.equal(runtimeOf(odd), undefined);
  });

  it('finds containers by the pod’s UID in every runtime, which is never part of the command', () => {
    for (const runtime of KNOWN_RUNTIMES) {
      const script = killCommand(runtime)?.at(-1) ?? '';
      assert.match(script, /io\.kubernetes\.pod\.uid=\$POD_UID/, runtime);
      assert.match(script, /test -z "\$\(found\)"/, runtime);
    }
    assert.equal(killCommand('rkt'), undefined);
  });

  it('reads how many there were, and takes nothing else for it', () => {
    assert.equal(killedOf('stopped x\nkilled=2\n'), 2);
    for (const log of ['', 'killed=', 'not killed=2', 'killed=99999999']) assert.equal(killedOf(log), undefined);
  });
});
