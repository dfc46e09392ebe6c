import { strict as assert } from 'node:assert';
import type { AdminEntryParts } from '../../../../local/scenarios/admin-entry.ts';
import { firstImpersonation } from '../../../../shared/detection/rules/first-impersonation.ts';
import { historyCases, play } from '../history-cases.ts';

const DAY = 86_400;
const USE: AdminEntryParts = {
  service: 'iamcredentials.googleapis.com',
  method: 'GenerateAccessToken',
  log: 'data_access',
  request: { name: 'projects/-/serviceAccounts/deploy@p1.iam.gserviceaccount.com' },
};

describe('first-impersonation', () => {
  historyCases(firstImpersonation, {
    fires: [['the first of a principal', [{ s: 0, ...USE }]]],
    misses: [
      ['refused', [{ s: 0, ...USE, code: 7 }]],
      ['of oneself', [{ s: 0, ...USE, principal: 'deploy@p1.iam.gserviceaccount.com' }]],
      ['nobody', [{ s: 0, ...USE, principal: null }]],
      ['another service', [{ s: 0, ...USE, service: 'iam.googleapis.com' }]],
    ],
  });

  it('fires for another principal or account, and for the same after a week without', () => {
    const other = { request: { name: 'projects/-/serviceAccounts/build@p1.iam.gserviceaccount.com' } };
    const told = play(firstImpersonation, [
      { s: 0, ...USE },
      { s: 1, ...USE, principal: 'ben@example.com' },
      { s: 2, ...USE, ...other },
      { s: 3, ...USE },
      { s: 6 * DAY, ...USE },
      { s: 12 * DAY, ...USE },
      { s: 20 * DAY, ...USE },
    ]).map((found) => found.length);
    assert.deepEqual(told, [1, 1, 1, 0, 0, 0, 1]);
  });
});
