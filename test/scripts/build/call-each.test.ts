import { strict as assert } from 'node:assert';
import { callEach } from '../../../scripts/build/call-each.ts';
import type { Bus, Evidence } from '../../../shared/ports.ts';

describe('callEach', () => {
  it('calls each client that exists, and ignores every answer', async () => {
    const asked: string[] = [];
    const bus: Bus = {
      publish: async (topic) => {
        asked.push(topic);
        throw new Error('nobody listens');
      },
    };
    const evidence: Evidence = {
      put: () => Promise.reject(new Error('nothing is written')),
      get: async () => undefined,
      list: async (prefix) => {
        asked.push(prefix);
        return [];
      },
    };
    await callEach({ bus, evidence });
    assert.deepEqual(asked, ['notices', 'incidents/i-0123456789ab-1/']);
  });

  it('calls nothing if there is no client', () => callEach({}));
});
