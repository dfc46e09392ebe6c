import { strict as assert } from 'node:assert';
import { execMiner } from '../../../../shared/detection/rules/exec-miner.ts';
import { firedBy } from '../../../fixtures/signals.ts';
import { execOfCart, ruleCases } from '../cases.ts';

const BASE = execOfCart('sh -c cd /tmp && nohup ./xmrig -o stratum+tcp://pool.example.com:3333 &');

describe('rule exec-miner', () => {
  ruleCases(execMiner, BASE, {
    fires: [
      ['a program and a pool', {}],
      ['under another name', { command: './kworker --donate-level 1 -o pool.example.com:443' }],
      ['renamed, then started', { command: 'sh -c cp /tmp/xmrig /usr/sbin/kswapd0 && /usr/sbin/kswapd0 -c /tmp/c' }],
      ['over WebSocket', { verb: 'get' }],
      [
        'a word of miners',
        { command: 'sh -c echo stratum+tcp' },
        { severity: 'medium', confidence: 0.45, conclusive: false },
      ],
      [
        'the registers that miners set',
        { command: 'sh -c wrmsr -a 0x1a4 0xf' },
        { severity: 'medium', confidence: 0.45, conclusive: false },
      ],
      ['started by the system', { command: 'chroot /host systemd-run --unit=x -p Nice=19 /tmp/xmrig' }],
      [
        'renamed, while something else is started',
        { command: 'sh -c mv xmrig /opt/kswapd0; ls /opt' },
        { severity: 'medium', confidence: 0.45, conclusive: false },
      ],
      ['refused', { code: 7 }, { severity: 'high', confidence: 0.85, conclusive: false }],
    ],
    misses: [
      ['looked for', { command: 'sh -c ps aux | grep xmrig' }],
      ['looked for in every file', { command: 'find / -type f -exec grep -l stratum+tcp {} ;' }],
      ['registers that are shown', { command: 'rdmsr -a 0x1a4' }],
      ['ended', { command: 'pkill -9 xmrig' }],
      ['something else', { command: 'sh -c cd /tmp && nohup ./server --port 3333 &' }],
      ['no exec', { subresource: 'portforward' }],
    ],
  });

  it('does not say of a refused command that it ran', () => {
    const [first] = firedBy(execMiner, { ...BASE, code: 7 }).because;
    assert.match(first ?? '', / tried to run a command in /);
  });
});
