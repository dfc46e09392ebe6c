import { secretReadByScript } from '../../../../shared/detection/rules/secret-read-by-script.ts';
import { ruleCases } from '../cases.ts';

const BASE = {
  verb: 'get',
  resource: 'secrets',
  namespace: 'shop',
  name: 'db',
  log: 'data_access' as const,
  principal: 'system:serviceaccount:shop:cart',
  userAgent: 'curl/8.7.1',
};

describe('rule secret-read-by-script', () => {
  ruleCases(secretReadByScript, BASE, {
    fires: [
      ['by Python', { userAgent: 'python-requests/2.32' }],
      ['by Go without the client of Kubernetes', { userAgent: 'Go-http-client/2.0' }],
      ['on a system for attackers', { userAgent: 'kubectl/v1.33.2 (linux/amd64) kali' }],
      ['a list', { verb: 'list', name: undefined }],
    ],
    misses: [
      ['by kubectl', { userAgent: 'kubectl/v1.33.2' }],
      ['by a program that is called so in part', { userAgent: 'my-curl-wrapper/1.0' }],
      ['refused', { code: 7 }],
      ['something else', { resource: 'configmaps' }],
      ['watched', { verb: 'watch' }],
    ],
  });
});
