import { execCredentials } from '../../../../shared/detection/rules/exec-credentials.ts';
import { execOfCart, ruleCases } from '../cases.ts';

const TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';
const BASE = execOfCart(`cat ${TOKEN}`);

describe('rule exec-credentials', () => {
  ruleCases(execCredentials, BASE, {
    fires: [
      ['in a shell', { command: "sh -c 'cd /; cat /run/secrets/kubernetes.io/serviceaccount/token'" }],
      ['password hashes', { command: 'tail -1 /etc/shadow' }],
      ['searched through', { command: 'grep -v x /etc/shadow' }],
      ["another process's environment", { command: 'sh -c tr \\0 \\n </proc/1/environ' }],
      ['every environment', { command: 'sh -c cat /proc/*/environ' }],
      ['a private key', { command: 'cat /root/.ssh/id_rsa' }],
      ['a key by its name', { command: 'base64 /etc/tls/server-key.pem' }],
      ["the node's own files of GKE", { command: 'cat /host/etc/srv/kubernetes/kubeconfig' }],
      ["the node's environment", { command: 'cat /host/home/kubernetes/kube-env' }],
      ['the kubelet', { command: 'tar cz /var/lib/kubelet/pki' }],
      ['a cloud', { command: 'cat /root/.config/gcloud/application_default_credentials.json' }],
      ['in quotes that hide it', { command: 'cat /etc/sha""dow' }],
      ['behind something that looks', { command: `sh -c ls|cat ${TOKEN}` }],
      ['beside the certificate', { command: 'cat /var/run/secrets/kubernetes.io/serviceaccount/ca.crt/../token' }],
      ['with a detour', { command: 'cat /var/run/secrets//kubernetes.io/./serviceaccount/token' }],
      ['with many detours', { command: 'sh -c base64 <//etc/x/y/../..//./shadow' }],
      ['password hashes with a detour', { command: 'cat /etc//shadow' }],
      ['the environment of a thread', { command: 'cat /proc/1/task/1/environ' }],
      ['the environment of its own thread', { command: 'cat /proc/thread-self/environ' }],
      ['the environment of who started it', { command: 'sh -c cat /proc/$PPID/environ' }],
      ['the environments of numbers', { command: 'sh -c cat /proc/[0-9]*/environ' }],
      ['the environment of what is found', { command: 'sh -c cat /proc/$(pgrep server)/environ' }],
      ['a file that is found', { command: 'sh -c find / -exec cat /etc/shadow {} +' }],
      ['within a listing', { command: 'ls $(cat /etc/shadow)' }],
      ['all mounted secrets, as kubectl cp does', { command: 'tar cf - /var/run/secrets' }],
      ['all mounted secrets, copied', { command: 'cp -r /run/secrets/ /tmp/x' }],
      ['all mounted secrets, searched', { command: 'sh -c cd /; grep -r . /run/secrets | head' }],
      ['all mounted secrets that are found', { command: 'find /run/secrets -type f -exec cat {} +' }],
      ['by a pattern', { command: 'sh -c cat /run/s*/k*/s*/token' }],
      ['by another pattern', { command: 'sh -c cat /var/run/secret?/*/*/token' }],
      ['by a variable', { command: 'sh -c d=/etc; base64 $d/shadow' }],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.65 }],
    ],
    misses: [
      ['listed', { command: 'ls -l /var/run/secrets/kubernetes.io/serviceaccount' }],
      ['where they are mounted', { command: 'sh -c cd /run/secrets; ls; find /var/run/secrets -type l; mount' }],
      ['files with such a beginning', { command: 'cat /var/run/secrets.d/a /run/service/a.pid' }],
      ['a test of a file', { command: 'sh -c test -f /etc/shadow' }],
      ['a test in a shell', { command: 'sh -c if [ -f /etc/shadow ]; then ls -l /etc/shadow; fi' }],
      ['hosts', { command: 'cat /etc/hosts' }],
      ['hosts with a detour', { command: 'cat /etc/shadow/../hosts' }],
      ['the namespace, with a detour', { command: 'cat /run/secrets//kubernetes.io/serviceaccount/namespace' }],
      ['the command line of a process', { command: 'cat /proc/1/cmdline' }],
      ['an address', { command: 'curl -s http://localhost/environ' }],
      ['the certificate of the cluster', { command: 'cat /var/run/secrets/kubernetes.io/serviceaccount/ca.crt' }],
      ['a public certificate', { command: 'openssl x509 -in /etc/ssl/certs/ca.pem' }],
      ['a public key', { command: 'cat /root/.ssh/authorized_keys' }],
      ['the resolver', { command: 'cat /etc/resolv.conf' }],
      ['its own variables', { command: 'env' }],
    ],
  });
});
