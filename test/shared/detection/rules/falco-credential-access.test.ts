import { falcoCredentialAccess } from '../../../../shared/detection/rules/falco-credential-access.ts';
import { falcoCases } from '../threat-cases.ts';

describe('falco-credential-access', () => {
  falcoCases(falcoCredentialAccess, {
    fires: [
      ['a search for keys', { rule: 'Search Private Keys or Passwords' }, { severity: 'high', confidence: 0.65 }],
      ['the API server', { rule: 'Contact K8S API Server From Container' }, { severity: 'low', confidence: 0.4 }],
    ],
    misses: [['a name that is only like its own', { rule: 'Read file untrusted' }]],
  });
});
