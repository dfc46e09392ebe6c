import type { AdminEntryParts } from '../../../../local/scenarios/admin-entry.ts';
import { impersonationAttempts } from '../../../../shared/detection/rules/impersonation-attempts.ts';
import { historyCases, repeated } from '../history-cases.ts';

const ASK = (account: string): AdminEntryParts => ({
  service: 'iamcredentials.googleapis.com',
  method: 'GenerateAccessToken',
  log: 'data_access',
  principal: null,
  code: 7,
  resourceName: 'projects/-/serviceAccounts/1234',
  request: { name: `projects/-/serviceAccounts/${account}@p1.iam.gserviceaccount.com` },
});

describe('impersonation-attempts', () => {
  historyCases(impersonationAttempts, {
    fires: [
      ['three accounts in ten minutes', repeated(3, 200, (n) => ASK(`a${n}`))],
      [
        'by signatures',
        repeated(3, 10, (n) => ({ ...ASK(`a${n}`), method: 'google.iam.credentials.v1.IAMCredentials.SignBlob' })),
      ],
    ],
    misses: [
      ['one account, again and again', repeated(9, 10, ASK('a'))],
      ['three accounts in an hour', repeated(3, 1200, (n) => ASK(`a${n}`))],
      ['from as many addresses', repeated(3, 10, (n) => ({ ...ASK(`a${n}`), callerIp: `203.0.113.${n}` }))],
      ['that were let', repeated(3, 10, (n) => ({ ...ASK(`a${n}`), code: 0 }))],
      ['other calls', repeated(3, 10, (n) => ({ ...ASK(`a${n}`), method: 'ListTokens' }))],
    ],
  });
});
