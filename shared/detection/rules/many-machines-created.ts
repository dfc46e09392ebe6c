import { quote } from '../../text.ts';
import { begins, verbOf } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';
import { burst, kindsOf, type Recollection } from '../history.ts';
import { isOfPlatform } from '../members.ts';
import type { HistoryRule } from '../rule.ts';

const MINUTES = 10;
const MANY = 10;
const ZONES = 4;
const INSERTS = ['insert', 'bulkinsert'];
const COMPUTE = 'compute.googleapis.com';

/** Somebody creates VM after VM, or one in every zone. */
export const manyMachinesCreated: HistoryRule = {
  id: 'many-machines-created',
  reads: 'history',
  title: 'Many VMs created one by one',
  sees: `VMs created in at least ${ZONES} zones within ${MINUTES} minutes by one principal that is not a service of Google; at least ${MANY} VMs in fewer zones count as medium 0.50.`,
  why: 'Whoever mines on a stolen account takes the free capacity of every zone before anybody notices.',
  technique: [{ id: 'T1496.001', name: 'Resource Hijacking: Compute Hijacking' }],
  severity: 'high',
  confidence: 0.6,
  family: 'identity',
  falsePositives: ['Batch computing', 'Infrastructure code for several regions'],
  filter: `protoPayload.serviceName="${COMPUTE}" AND protoPayload.methodName=~"[.]instances[.](insert|bulkInsert)$"`,
  windowMs: MINUTES * 60_000,
  example: 'gcloud compute instances create worker, in a loop over all zones',
  subjectOf: (signal) => {
    const { service, method } = signal;
    if (service !== COMPUTE || !/[.]instances[.]/.test(method) || !INSERTS.includes(verbOf(signal))) return undefined;
    const { principal } = signal;
    if (!begins(signal) || signal.outcome !== 'ok') return undefined;
    return principal === undefined || isOfPlatform(signal) ? undefined : [principal];
  },
  recall: (signal, history) =>
    burst(signal, history, {
      what: /\/zones\/([^/]{1,60})\//.exec(signal.resourceName ?? '')?.[1] ?? 'somewhere',
      windowMs: MINUTES * 60_000,
      isBurst: (recent) => isWide(recent) || recent.length >= MANY,
      tell: (recent) => ({
        because: [
          `${shownCaller(signal)} made ${recent.length} VMs within ${MINUTES} minutes`,
          `in ${quote(kindsOf(recent).slice(0, 8).join(', '), 300)}`,
        ],
        ...(isWide(recent) ? {} : { severity: 'medium', confidence: 0.5 }),
      }),
    }),
};

const isWide = (recent: readonly Recollection[]): boolean => kindsOf(recent).length >= ZONES;
