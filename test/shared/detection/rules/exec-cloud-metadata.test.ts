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

describe('rule exec-cloud-metadata', () => {
  ruleCases(execCloudMetadata, BASE, {
    fires: [
      ['by its name', { command: 'wget -qO- http://metadata.google.internal/' }],
      ['by its address as a number', { command: 'curl http://2852039166/' }],
      ['in hexadecimal', { command: 'curl http://0xA9FEA9FE/' }],
      ['by IPv6', { command: 'curl http://[fd20:ce::254]/' }],
      ['in quotes that hide it', { command: `sh -c 'curl http://169.254.""169.254/'` }],
      [
        'in base64',
        { command: `sh -c echo ${Buffer.from('curl 169.254.169.254/x').toString('base64')} | base64 -d | sh` },
      ],
      ['over WebSocket', { verb: 'get' }],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.75 }],
    ],
    misses: [
      ['another link-local address', { command: 'curl http://169.254.169.123/' }],
      ['a name within another', { command: 'curl http://metadata.google.internals.example.com/' }],
      ['looked for', { command: 'grep -r 169.254.169.254 /etc' }],
      ['no command in the log', { command: undefined }],
      ['no exec', { subresource: 'attach' }],
    ],
  });
});
