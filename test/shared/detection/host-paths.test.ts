import { strict as assert } from 'node:assert';
import { sensitivityOf } from '../../../shared/detection/host-paths.ts';

const CASES: Array<['high' | 'medium' | undefined, string[]]> = [
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
    ],
  ],
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
    ],
  ],
];

describe('how much of a node a hostPath gives away', () => {
  for (const [expected, paths] of CASES) {
    for (const path of paths) {
      it(`is ${expected ?? 'little'} for ${path}`, () => assert.equal(sensitivityOf(path), expected));
    }
  }
});
