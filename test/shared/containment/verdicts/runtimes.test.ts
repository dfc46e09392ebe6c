import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KNOWN_RUNTIMES, killCommand, killedOf, runtimeOf } from '../../../../shared/containment/verdicts/runtimes.ts';

describe('containment/verdicts/runtimes', () => {
  it('reads a runtime from its version string, and returns undefined for an unknown one', () => {
    assert.equal(runtimeOf('containerd://1.7.24'), 'containerd');
    assert.equal(runtimeOf('docker://19.3.1'), 'docker');
    for (const odd of ['', 'rkt://1', 'constructor', '__proto__://1']) assert.equal(runtimeOf(odd), undefined);
  });

  it('finds containers by the pod’s UID in every runtime, and takes the UID from the environment', () => {
    for (const runtime of KNOWN_RUNTIMES) {
      const script = killCommand(runtime)?.at(-1) ?? '';
      assert.match(script, /io\.kubernetes\.pod\.uid=\$POD_UID/, runtime);
    }
    assert.equal(killCommand('rkt'), undefined);
  });

  describe('the script, run by a shell', () => {
    let tools: string;
    beforeEach(async () => {
      tools = await mkdtemp(join(tmpdir(), 'firebreak tools '));
    });
    afterEach(() => rm(tools, { recursive: true }));

    /** Runs the script of a runtime with a fake tool whose shell code is `body`. `$here` is a folder for its files. */
    const ran = async (runtime: string, body: string) => {
      const tool = join(tools, runtime === 'docker' ? 'docker' : 'crictl');
      await writeFile(tool, `#!/bin/sh\nhere='${tools}'\n${body}\n`, { mode: 0o755 });
      const script = (killCommand(runtime)?.at(-1) ?? '').replace(/^PATH=(.*)$/m, `PATH='${tools}':$1`);
      const { status, stdout } = spawnSync('/bin/sh', ['-euc', script], { env: { POD_UID: 'u-1' }, encoding: 'utf8' });
      return { done: status === 0, killed: killedOf(stdout) };
    };
    // A fake tool that lists the ids in a file, and removes an id on `rmp` or `rm`.
    const LISTS = `case "$*" in *rm*) for id; do :; done; sed -i "/^$id$/d" "$here/ids";; *stopp*) ;; *) cat "$here/ids";; esac`;

    for (const runtime of KNOWN_RUNTIMES) {
      it(`prints how many containers it ended in ${runtime}`, async () => {
        await writeFile(join(tools, 'ids'), 'a\nb\n');
        assert.deepEqual(await ran(runtime, LISTS), { done: true, killed: 2 });
        assert.deepEqual(await ran(runtime, LISTS), { done: true, killed: 0 });
      });

      it(`fails if ${runtime} does not answer, before or after the removal, and does not read that as nothing left`, async () => {
        assert.deepEqual(await ran(runtime, 'exit 1'), { done: false, killed: undefined });
        await writeFile(join(tools, 'ids'), 'a\n');
        const once = `test ! -e "$here/down" || exit 1; ${LISTS}; case "$*" in *rm*) touch "$here/down";; esac`;
        assert.deepEqual(await ran(runtime, once), { done: false, killed: undefined });
      });

      it(`fails if a container is left in ${runtime}`, async () => {
        assert.deepEqual(await ran(runtime, 'case "$*" in *rm*) exit 1;; *stopp*) ;; *) echo a;; esac'), {
          done: false,
          killed: undefined,
        });
      });
    }
  });

  it('reads the number of ended containers, and returns undefined for any other output', () => {
    assert.equal(killedOf('stopped x\nkilled=2\n'), 2);
    for (const log of ['', 'killed=', 'not killed=2', 'killed=99999999']) assert.equal(killedOf(log), undefined);
  });
});
