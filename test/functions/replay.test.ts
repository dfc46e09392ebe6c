import { strict as assert } from 'node:assert';
import { makeDetectAuditLog } from '../../functions/detect-audit-log/handler.ts';
import { makeDetectCryptomining } from '../../functions/detect-cryptomining/handler.ts';
import { makeDetectThreat } from '../../functions/detect-threat/handler.ts';
import { auditEntry } from '../../local/scenarios/audit-entry.ts';
import { falcoAlert, falcoPlace } from '../../local/scenarios/falco-alert.ts';
import { cpuIncident } from '../../local/scenarios/monitoring-incident.ts';
import { makeMemoryStore } from '../../shared/adapters/store-memory.ts';
import type { Envelope } from '../../shared/envelope.ts';
import type { Topic } from '../../shared/model/ids.ts';
import { timeOf } from '../../shared/model/time.ts';
import { REPLAY } from '../../shared/replay.ts';
import { openMemoryStores } from '../../shared/store/memory.ts';
import { C1 } from '../fixtures/threats.ts';
import { virtualClock } from '../kit/virtual-clock.ts';

const clock = virtualClock();
const POD = { kind: 'pod', namespace: 'shop', pod: 'cart-7d9f', container: 'cart' } as const;

/** Each detector with its topic and a payload that its rules match. */
const detectors = (publish: (attributes: Record<string, string>) => void) => {
  const silent = (): void => undefined;
  const ports = {
    clock,
    bus: {
      publish: async (_topic: Topic, _body: unknown, attributes: Record<string, string> = {}) => {
        publish(attributes);
        return '1';
      },
    },
    log: { info: silent, warn: silent, error: silent, count: silent },
    memory: openMemoryStores({ raw: makeMemoryStore(clock), clock }),
  };
  const exec = {
    verb: 'create',
    resource: 'pods',
    subresource: 'exec',
    namespace: 'shop',
    name: 'cart-0',
    at: timeOf(clock.now()),
  };
  return [
    ['audit-log', makeDetectAuditLog(ports), auditEntry(exec)],
    ['cpu', makeDetectCryptomining(ports), cpuIncident({ id: '0.a', cluster: C1, on: POD, startedAt: clock.now() })],
    [
      'threat',
      makeDetectThreat({ ...ports, project: 'p1', clusterOfTopic: new Map() }),
      falcoAlert({ rule: 'Terminal shell in container', pod: 'cart-0' }),
    ],
  ] as const;
};

describe('a signal replayed from dead letters', () => {
  for (const [n, name] of ['detect-audit-log', 'detect-cryptomining', 'detect-threat'].entries()) {
    it(`leads to findings of ${name} marked as replayed, while a first delivery does not`, async () => {
      const seen: Array<Record<string, string>> = [];
      const [topic, detect, data] = detectors((attributes) => seen.push(attributes))[n] ?? assert.fail(name);
      const envelope = (id: string, attributes: Record<string, string>): Envelope => ({
        id,
        topic,
        attributes: { ...falcoPlace(C1), ...attributes },
        data,
        publishedAt: timeOf(clock.now()),
      });
      await detect(envelope('1', { [REPLAY]: 'd-1' }), () => {});
      assert.ok(seen.length > 0);
      assert.ok(seen.every((attributes) => attributes[REPLAY] === 'd-1'));
      seen.length = 0;
      await detect(envelope('2', {}), () => {});
      assert.ok(seen.length > 0);
      assert.ok(seen.every((attributes) => attributes[REPLAY] === undefined));
    });
  }
});
