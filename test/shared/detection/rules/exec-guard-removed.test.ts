import { execGuardRemoved } from '../../../../shared/detection/rules/exec-guard-removed.ts';
import { execOfCart, ruleCases } from '../cases.ts';

const BASE = execOfCart("sh -c 'setenforce 0; ls'");

describe('rule exec-guard-removed', () => {
  ruleCases(execGuardRemoved, BASE, {
    fires: [
      ['a packet filter', { command: 'iptables -t nat -F' }],
      ['the other packet filter', { command: 'nft flush ruleset' }],
      ['a firewall', { command: 'sh -c "ufw disable"' }],
      ['a security tool', { command: 'pkill -9 falco' }],
      ['a security tool of the node', { command: 'nsenter -t 1 -m systemctl stop falcon-sensor' }],
      ['the audit daemon', { command: 'chroot /host systemctl disable --now auditd.service' }],
      ['the audit of the kernel', { command: 'auditctl -e 0' }],
      ['the history', { command: 'sh -c history -c; ls' }],
      ['the file of the history', { command: 'sh -c rm -f ~/.bash_history' }],
      ['a history that is never written', { command: `bash -c 'unset HISTFILE; id'` }],
      [
        'in base64',
        { command: `sh -c echo ${Buffer.from('ls; iptables -F; id').toString('base64')} | base64 -d | sh` },
      ],
      ['a security tool by its number', { command: 'sh -c kill -9 $(pgrep -f falco)' }],
      ['the audit daemon by its number', { command: 'sh -c pidof auditd | xargs kill -9' }],
      ['the records of the system', { command: 'sh -c rm -rf /var/log/*' }],
      ['the record of logins', { command: 'sh -c cat /dev/null > /var/log/wtmp' }],
      ['the records of the containers of a node', { command: 'shred -u /host/var/log/containers/x.log' }],
      ['a process that is hidden', { command: 'sh -c mkdir /tmp/e; mount -o bind /tmp/e /proc/4242' }],
      ['refused', { code: 7 }, { severity: 'low', confidence: 0.45 }],
    ],
    misses: [
      ['rules that are shown', { command: 'sh -c iptables -L -n; iptables -S FORWARD; nft list ruleset' }],
      ['a rule that is added', { command: 'iptables -A INPUT -p tcp --dport 80 -j ACCEPT' }],
      ['a process of the application', { command: 'pkill -HUP nginx' }],
      ['who looks for a tool', { command: 'pgrep falco' }],
      ['the state of a tool', { command: 'nsenter -t 1 -m systemctl status auditd' }],
      ['a service of the application', { command: 'systemctl stop apache2' }],
      ['a history that is shown', { command: 'bash -ic history' }],
      ['the mode of SELinux', { command: 'getenforce' }],
      ['a process of the application by its number', { command: 'sh -c kill -HUP $(pgrep nginx)' }],
      ['whether a tool runs, beside another process that is ended', { command: 'sh -c ls; pgrep falco; echo kill' }],
      ['the log of an application', { command: 'sh -c > /var/log/nginx/access.log; rm -f /var/log/app/*.gz' }],
      ['old logs that are full', { command: 'sh -c rm -f /var/log/*.gz /var/log/*.1' }],
      ['a line that is added to a record', { command: 'sh -c echo mark >> /var/log/syslog' }],
      ['a record that is read', { command: 'sh -c tail /var/log/syslog > /tmp/x' }],
      ['what is mounted in its place', { command: 'sh -c mount -t proc proc /proc; mount -t proc none /mnt/proc' }],
      ['no command in the log', { command: undefined }],
    ],
  });
});
