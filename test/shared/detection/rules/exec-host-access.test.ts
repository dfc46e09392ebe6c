import { execHostAccess } from '../../../../shared/detection/rules/exec-host-access.ts';
import { execOfCart, ruleCases } from '../cases.ts';

const BASE = execOfCart('mount /dev/sda1 /mnt');
const MEDIUM = { severity: 'medium', confidence: 0.55 } as const;
const encoded = Buffer.from('nsenter -t 1 -m -u bash').toString('base64');

describe('rule exec-host-access', () => {
  ruleCases(execHostAccess, BASE, {
    fires: [
      ['a disk, in a shell', { command: 'sh -c mkdir -p /x && mount -o ro /dev/nvme0n1p1 /x && ls /x' }],
      ['control groups', { command: 'mount -t cgroup -o rdma cgroup /tmp/c' }],
      ['a release agent', { command: `sh -c "echo /cmd > /tmp/c/release_agent"` }],
      ['the pattern of core dumps', { command: `sh -c 'echo "|/proc/%P/fd/3" > /proc/sys/kernel/core_pattern'` }],
      ['the same by sysctl', { command: 'sysctl -w kernel.core_pattern=|/tmp/x' }],
      ['a kernel module', { command: 'insmod /tmp/x.ko' }],
      ['a disk beside its file system', { command: 'debugfs -w /dev/sda1' }],
      ['a copy of a disk', { command: 'dd if=/dev/sda1 of=/tmp/disk bs=1M' }],
      ['a device file of a disk', { command: 'mknod /tmp/disk b 8 0' }],
      ['a disk by its label', { command: 'mount -o ro LABEL=STATE /mnt' }],
      ['a disk that is shown', { command: 'sh -c cat /dev/sda1 | strings | grep BEGIN' }],
      ['a crash of the node', { command: `sh -c 'echo c > /proc/sysrq-trigger'` }],
      ["the runtime's socket", { command: 'curl --unix-socket /var/run/docker.sock http://x/containers/json' }],
      ['the same by its client', { command: 'ctr -a /run/containerd/containerd.sock -n k8s.io containers ls' }],
      ['over WebSocket', { verb: 'get' }],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.65 }],
      ['namespaces of the node', { command: 'nsenter -t 1 -m -u -i -n -p -- bash' }, MEDIUM],
      ['by long options', { command: 'nsenter --mount --target 1 sh' }, MEDIUM],
      ['by a path', { command: 'nsenter --mount=/host/proc/1/ns/mnt -- bash' }, MEDIUM],
      ['the root directory, by Python', { command: `python3 -c 'import os;os.chroot("/host")'` }, MEDIUM],
      [
        'namespaces of the node, by Python',
        { command: 'python3 -c import os;os.setns(os.open("/proc/1/ns/mnt",0));os.system("sh")' },
        MEDIUM,
      ],
      ['a container with all of its host', { command: 'docker run --rm -it -v /:/mnt alpine sh' }, MEDIUM],
      ['by busybox', { command: 'busybox nsenter -mt1 sh' }, MEDIUM],
      ['in quotes', { command: `sh -c 'n""senter -t 1 -m sh'` }, MEDIUM],
      ['in base64', { command: `sh -c echo ${encoded} | base64 -d | sh` }, MEDIUM],
      ['before a script', { command: `nsenter -t 1 -m -- sh -c 'cat /etc/hostname'` }, MEDIUM],
      ['within a script', { command: `sh -c 'cd /; chroot /host bash -c "id; ls"'` }, MEDIUM],
      ['another root', { command: 'chroot /host' }, MEDIUM],
      ['files of the first process', { command: 'cat /proc/1/root/etc/hostname' }, MEDIUM],
      ['new namespaces', { command: 'unshare -UrmC bash' }, MEDIUM],
      ['a client of the runtime', { command: '/host/home/kubernetes/bin/crictl ps' }, MEDIUM],
    ],
    misses: [
      ['a named pipe', { command: 'mknod /tmp/pipe p' }],
      ['the list of mounts', { command: 'mount' }],
      ['a volume of tmpfs', { command: 'mount -t tmpfs tmpfs /tmp/x' }],
      ['looked for', { command: 'which nsenter' }],
      ['searched for', { command: 'grep -r release_agent /etc' }],
      ['a socket that is only listed', { command: 'ls -l /var/run/docker.sock' }],
      ['another process', { command: 'ls /proc/self/fd' }],
      ['a disk that is only listed', { command: 'ls /dev/sda1' }],
      ['the pattern only read', { command: 'cat /proc/sys/kernel/core_pattern' }],
      ['a container with a folder', { command: 'docker run -v /app:/app alpine ls' }],
      ['use of a disk', { command: 'df -h /dev/sda1' }],
      ['searched for, by a shell', { command: `sh -c 'grep -r "chroot /host" /opt'` }],
      ['a word within another', { command: './mychroot /data' }],
      ['no command in the log', { command: undefined }],
    ],
  });
});
