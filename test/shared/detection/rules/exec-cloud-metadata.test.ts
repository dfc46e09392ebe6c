import { execCloudMetadata } from '../../../../shared/detection/rules/exec-cloud-metadata.ts';
import { ruleCases } from '../cases.ts';

const BASE = {
  verb: 'create',
  resource: 'pods',
  subresource: 'exec',
  namespace: 'shop',
  name: 'cart-0',
  command:
    'curl -s -H Metadata-Flavor: Google http://169.254.169.254/computeMetadata/v1/instance/service-accounts/default/token',
};

const LESSER = { severity: 'medium', confidence: 0.45 } as const;

describe('rule exec-cloud-metadata', () => {
  ruleCases(execCloudMetadata, BASE, {
    fires: [
      ['by its name', { command: 'wget -qO- http://metadata.google.internal/' }],
      ['by its address as a number', { command: 'curl http://2852039166/' }],
      ['in hexadecimal', { command: 'curl http://0xA9FEA9FE/' }],
      ['of two numbers', { command: 'curl http://169.16689662/' }],
      ['of three numbers', { command: 'wget -qO- http://169.254.43518/computeMetadata' }],
      ['in octal', { command: 'curl http://025177524776/' }],
      ['in octal, decimal and hexadecimal', { command: 'curl 0251.254.0xa9.254/x' }],
      ['with dots as in URLs', { command: 'curl http://169%2e254%2E169.254/' }],
      ['by IPv4 in IPv6', { command: 'curl http://[::ffff:a9fe:a9fe]/' }],
      ['by IPv4 in IPv6, in full', { command: 'curl http://[0:0:0:0:0:ffff:a9fe:a9fe]/' }],
      ['by IPv6, in full', { command: 'curl http://[fd20:00ce:0:0:0:0:0:254]/' }],
      ['by IPv6', { command: 'curl http://[fd20:ce::254]/' }],
      ['in quotes that hide it', { command: `sh -c 'curl http://169.254.""169.254/'` }],
      [
        'in base64',
        { command: `sh -c echo ${Buffer.from('curl 169.254.169.254/x').toString('base64')} | base64 -d | sh` },
      ],
      ['over WebSocket', { verb: 'get' }],
      ['by the client of Google Cloud', { command: 'gcloud auth print-access-token' }, LESSER],
      [
        'by the client, for another program',
        { command: 'sh -c curl -H "Authorization: Bearer $(gcloud --quiet auth print-identity-token)" https://api/' },
        LESSER,
      ],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.75 }],
    ],
    misses: [
      ['another link-local address', { command: 'curl http://169.254.169.123/' }],
      ['numbers that are no such address', { command: 'sh -c sleep 169.254; seq 2852039167; echo 1.169.16689662' }],
      ['a version', { command: 'sh -c echo v0251.0376.0251.0376.1' }],
      ['a name within another', { command: 'curl http://metadata.google.internals.example.com/' }],
      ['the accounts of the client', { command: 'gcloud auth list' }],
      ['looked for', { command: 'grep -r 169.254.169.254 /etc' }],
      ['no command in the log', { command: undefined }],
      ['no exec', { subresource: 'attach' }],
    ],
  });
});
