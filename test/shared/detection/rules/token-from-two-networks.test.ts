import type { AuditEntryParts } from '../../../../local/scenarios/audit-entry.ts';
import { tokenFromTwoNetworks } from '../../../../shared/detection/rules/token-from-two-networks.ts';
import { historyCases } from '../history-cases.ts';

const CALL: AuditEntryParts = {
  verb: 'list',
  resource: 'pods',
  namespace: 'shop',
  principal: 'system:serviceaccount:shop:cart',
  callerIp: '10.8.0.7',
};
const AWAY = '203.0.113.9';

describe('token-from-two-networks', () => {
  historyCases(tokenFromTwoNetworks, {
    fires: [
      [
        'from a pod, then from a public address',
        [
          { s: 0, ...CALL },
          { s: 600, ...CALL, callerIp: AWAY },
        ],
      ],
      [
        'the other way round, by IPv6',
        [
          { s: 0, ...CALL, callerIp: '2001:4860::1' },
          { s: 600, ...CALL, callerIp: 'fd20::7' },
        ],
      ],
    ],
    misses: [
      [
        'two hours apart',
        [
          { s: 0, ...CALL },
          { s: 7200, ...CALL, callerIp: AWAY },
        ],
      ],
      [
        'from two pods',
        [
          { s: 0, ...CALL },
          { s: 1, ...CALL, callerIp: '10.8.0.8' },
        ],
      ],
      [
        'from two public addresses',
        [
          { s: 0, ...CALL, callerIp: AWAY },
          { s: 1, ...CALL, callerIp: '198.51.100.7' },
        ],
      ],
      [
        'of two accounts',
        [
          { s: 0, ...CALL },
          { s: 1, ...CALL, principal: 'system:serviceaccount:shop:pay', callerIp: AWAY },
        ],
      ],
      [
        'of a human',
        [
          { s: 0, ...CALL, principal: 'ana@example.com' },
          { s: 1, ...CALL, principal: 'ana@example.com', callerIp: AWAY },
        ],
      ],
      [
        'refused away',
        [
          { s: 0, ...CALL },
          { s: 1, ...CALL, code: 7, callerIp: AWAY },
        ],
      ],
      [
        'from what is no address',
        [
          { s: 0, ...CALL },
          { s: 1, ...CALL, callerIp: 'nowhere' },
        ],
      ],
    ],
  });
});
