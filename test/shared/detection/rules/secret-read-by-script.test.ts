import { secretReadByScript } from '../../../../shared/detection/rules/secret-read-by-script.ts';
import { ruleCases } from '../cases.ts';

const BASE = {
  verb: 'get',
  resource: 'secrets',
  namespace: 'shop',
  name: 'db',
  userAgent: 'curl/8.5.0',
  log: 'data_access',
} as const;

describe('rule secret-read-by-script', () => {
  ruleCases(secretReadByScript, BASE, {
    fires: [['listed by python', { verb: 'list', userAgent: 'python-requests/2.32.0' }]],
    misses: [
      ['by kubectl', { userAgent: 'kubectl/v1.33.2 (linux/amd64)' }],
      ['refused', { code: 7 }],
      ['a config map', { resource: 'configmaps' }],
    ],
  });
});
