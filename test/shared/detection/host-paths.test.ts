import { strict as assert } from 'node:assert';
import { claimOfPaths, type Sensitivity, sensitivityOf } from '../../../shared/detection/host-paths.ts';

const CASES: Array<[Sensitivity | undefined, string[]]> = [
  [
    'high',
    [
      '/',
      '//',
      '/x/..',
      '/var/run/docker.sock',
      '/run/containerd/containerd.sock',
      '/var/lib/kubelet',
      '/var/lib/kubelet/pods',
      '/var/lib/kubelet/',
      '/etc/kubernetes/manifests',
      '/etc/srv/kubernetes/pki',
      '/mnt/stateful_partition',
      '/mnt/stateful_partition/',
      '/mnt/stateful_partition/var/lib/kubelet/pki',
    ],
  ],
  [
    'medium',
    [
      '/etc',
      '/etc/',
      '/proc',
      '/proc/1/root',
      '/root/.ssh',
      '/var',
      '/var/run',
      '/run/containerd',
      '/home',
      '/dev',
      '/dev/sda1',
      '/sys/fs/cgroup',
      '/var/lib',
      '/etc/shadow',
      '/mnt/stateful_partition/home/ana',
      '/mnt/stateful_partition/var/run',
      '/sys',
      '/sys/fs/',
      '/mnt',
      '/etc/srv',
      '/etc/systemd/system/shop.service',
      '/etc/ssh/sshd_config',
      '/etc/cron.daily',
      '/etc/crontab',
      '/etc/sudoers.d/shop',
      '/home/ana',
      '/home/ana/.ssh',
      '/home/ana/.ssh/authorized_keys',
      '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs',
      '/var/lib/docker/overlay2',
      '/var/spool/cron/crontabs',
      '/usr/lib/systemd/system',
      '/lib/systemd/system',
    ],
  ],
  ['low', ['/usr', '/usr/bin', '/usr/local/bin', '/sbin', '/lib', '/boot', '/var/lib/docker/containers']],
  [
    undefined,
    [
      '/data',
      '/var/log',
      '/var/log/pods',
      '/etc/ssl/certs',
      '/etcd',
      '/procfs',
      '/dev/fuse',
      '/lib/modules',
      '/mnt/disks/ssd0',
      '/var/lib/kubelet2',
      '/my.socket',
      '/mnt/stateful_partition/kube-ephemeral-ssd/data',
      '/mnt/stateful_partitions',
      '/etc/cni/net.d',
      '/etc/os-release',
      '/etc/systemctl',
      '/sys/fs/bpf',
      '/sys/class/net',
      '/home/ana/data',
      '/home/ana/.sshd',
      '/usr/src',
      '/usr/share/zoneinfo',
      '/opt/cni/bin',
      '/lib/modules/6.6.1',
      '/var/lib/dockers',
      '/var/spool/mail',
    ],
  ],
];

describe('the sensitivity of a hostPath', () => {
  for (const [expected, paths] of CASES) {
    for (const path of paths) {
      it(`is ${expected ?? 'not sensitive'} for ${path}`, () => assert.equal(sensitivityOf(path), expected));
    }
  }

  it('of several paths is that of the worst', () => {
    assert.deepEqual(claimOfPaths(['/usr', '/data', '/etc', '/']), { paths: ['/usr', '/etc', '/'], severity: 'high' });
    assert.deepEqual(claimOfPaths(['/usr']), { paths: ['/usr'], severity: 'low', confidence: 0.4 });
    assert.equal(claimOfPaths(['/data']), undefined);
  });

  it('of a very long path is computed without an error', () => {
    for (const piece of ['/', '/..', '/home', '/usr/local', '/etc/cron', '.ssh/', 'a'])
      assert.doesNotThrow(() => sensitivityOf(piece.repeat(100_000)));
  });
});
