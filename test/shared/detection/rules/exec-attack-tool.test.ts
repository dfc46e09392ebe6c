import { execAttackTool } from '../../../../shared/detection/rules/exec-attack-tool.ts';
import { execOfCart, ruleCases } from '../cases.ts';

const BASE = execOfCart('/tmp/kdigger dig all');
const MEDIUM = { severity: 'medium', confidence: 0.55 } as const;

describe('rule exec-attack-tool', () => {
  ruleCases(execAttackTool, BASE, {
    fires: [
      ['in a shell', { command: 'sh -c cd /tmp; ./peirates' }],
      ['with its version and architecture', { command: '/tmp/kdigger-1.5.1-linux-amd64 dig all' }],
      ['a script', { command: 'bash /tmp/deepce.sh' }],
      ['a script by its own name', { command: './linpeas.sh -a' }],
      ['a name with its word size', { command: './pspy64' }],
      ['the container kit', { command: './cdk_linux_amd64 evaluate --full' }],
      ['an exploit of the container kit', { command: 'cdk run mount-disk' }],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.7 }],
      ['a scanner', { command: 'nmap -sS 10.8.0.0/14' }, MEDIUM],
      ['what guesses passwords', { command: 'hydra -l root -P /tmp/words ssh://10.8.0.4' }, MEDIUM],
      ['the scanner of worms', { command: 'pnscan -r6379 10.8.0.0/14 2375' }, MEDIUM],
      ['a terminal that is shared', { command: '/tmp/sshx' }, MEDIUM],
      ['a tunnel', { command: './chisel client 203.0.113.4:8080 R:socks' }, MEDIUM],
      ['a tunnel of a service', { command: '/tmp/cloudflared-linux-amd64 tunnel --url tcp://localhost:22' }, MEDIUM],
      ['what tries out forms', { command: 'sqlmap -u http://10.0.0.4/?id=1' }, MEDIUM],
      ['a way back by ssh', { command: 'ssh -fNR 2222:localhost:22 bob@203.0.113.9' }, MEDIUM],
      ['a proxy by ssh', { command: 'ssh -D 1080 bob@203.0.113.9' }, MEDIUM],
    ],
    misses: [
      ['the tool of that name for infrastructure', { command: 'cdk deploy --all' }],
      ['looked for', { command: 'which nmap' }],
      ['searched for', { command: 'pgrep -f peirates' }],
      ['ssh', { command: 'ssh bob@10.0.0.4 uptime' }],
      ['ssh to another port', { command: 'ssh -p 2222 bob@10.0.0.4' }],
      ['a file of that name', { command: 'cat /var/log/nmap' }],
      ['no command in the log', { command: undefined }],
    ],
  });
});
