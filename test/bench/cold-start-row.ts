import { join } from 'node:path';
import type { FunctionName, Topic } from '../../shared/model/ids.ts';
import { alternate } from './alternate.ts';
import { coldStart } from './cold-start.ts';
import { plainFunction } from './empty.ts';
import type { Row } from './row.ts';
import { onThisMachine, startSink } from './settings.ts';
import { push } from './start.ts';

const AT = '2026-11-03T03:12:04.000Z';

/** The first message for each function, from docs/functions.md. */
const MESSAGES = {
  'detect-audit-log': [
    'audit-log',
    {
      insertId: 'a1',
      logName: 'projects/p1/logs/cloudaudit.googleapis.com%2Fdata_access',
      timestamp: AT,
      resource: {
        type: 'k8s_cluster',
        labels: { project_id: 'p1', location: 'europe-west1', cluster_name: 'c1' },
      },
      protoPayload: {
        '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
        serviceName: 'k8s.io',
        methodName: 'io.k8s.core.v1.pods.list',
        resourceName: 'core/v1/namespaces/shop/pods',
        authenticationInfo: { principalEmail: 'ana@example.com' },
        requestMetadata: { callerIp: '203.0.113.7' },
        status: {},
      },
    },
  ],
  decide: [
    'findings',
    {
      v: 1,
      id: 'f-1',
      rule: 'exec-into-pod',
      severity: 'medium',
      confidence: 0.4,
      because: ['a test'],
      target: { project: 'p1', location: 'europe-west1', cluster: 'c2', namespace: 'shop', pod: 'cart-0' },
      at: AT,
      source: 'gke-audit-log',
      family: 'exec',
    },
  ],
  operate: ['tick', { at: AT }],
  notify: [
    'notices',
    {
      v: 1,
      incident: 'i-0123456789ab-1',
      seq: 0,
      kind: 'info',
      at: AT,
      title: 'a test',
      lines: [],
      severity: null,
      tier: null,
      state: 'open',
      target: { project: 'p1' },
    },
  ],
} as const satisfies Partial<Record<FunctionName, readonly [Topic, unknown]>>;

/** The row of a function: the time from the start of its process, as an unpacked archive, to its first answer. */
export const coldStartRow = (name: string, of: keyof typeof MESSAGES): Row => ({
  name,
  what: `process start to the first answer of ${of}, by that of an empty function on the same framework`,
  target: 1.3,
  better: 'lower',
  measure: async (bench) => {
    const source = join(await bench.built(), of);
    const empty = plainFunction(bench.folder, 'empty');
    const [topic, body] = MESSAGES[of];
    const bus = await startSink();
    try {
      const subject = { source, target: of, env: onThisMachine(bus.url) };
      return await alternate(
        bench.full ? 41 : 9,
        'ms',
        [of, () => coldStart(subject, (url) => push(url, topic, body))],
        ['empty', () => coldStart(empty, (url) => push(url, topic, body))],
      );
    } finally {
      await bus.stop();
    }
  },
});
