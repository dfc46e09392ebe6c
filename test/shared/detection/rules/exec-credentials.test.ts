import { execCredentials } from '../../../../shared/detection/rules/exec-credentials.ts';
import { ruleCases } from '../cases.ts';

const BASE = {
  verb: 'create',
  resource: 'pods',
  subresource: 'exec',
  namespace: 'shop',
  name: 'cart-0',
  command: 'cat /var/run/secrets/kubernetes.io/serviceaccount/token',
};

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
      ['the kubelet', { command: 'tar cz /var/lib/kubelet/pki' }],
      ['a cloud', { command: 'cat /root/.config/gcloud/application_default_credentials.json' }],
      ['in quotes that hide it', { command: 'cat /etc/sha""dow' }],
      ['within a listing', { command: 'ls $(cat /etc/shadow)' }],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.65 }],
    ],
    misses: [
      ['listed', { command: 'ls -l /var/run/secrets/kubernetes.io/serviceaccount' }],
      ['a test of a file', { command: 'sh -c test -f /etc/shadow' }],
      ['the certificate of the cluster', { command: 'cat /var/run/secrets/kubernetes.io/serviceaccount/ca.crt' }],
      ['a public certificate', { command: 'openssl x509 -in /etc/ssl/certs/ca.pem' }],
      ['a public key', { command: 'cat /root/.ssh/authorized_keys' }],
      ['the resolver', { command: 'cat /etc/resolv.conf' }],
      ['its own variables', { command: 'env' }],
    ],
  });
});
