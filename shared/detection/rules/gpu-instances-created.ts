import { at, integer, records, text } from '../../kubernetes/loose.ts';
import type { AuditSignal } from '../../model/signal.ts';
import { quote } from '../../text.ts';
import { ACCELERATED } from '../accelerated.ts';
import { adminRule } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';
import { isOfPlatform } from '../members.ts';

const MANY = 10;

/** Somebody created machines that are worth mining on, or many machines at once. */
export const gpuInstancesCreated = adminRule({
  id: 'gpu-instances-created',
  title: 'VMs with accelerators, or many VMs, created',
  sees: `VMs with accelerators created by anyone but a service of Google; a template of such VMs (0.50); and ${MANY} or more VMs created by one call, also as a group of VMs (medium 0.50).`,
  why: 'Stolen cloud credentials are mostly used for computing time, and the most expensive machines are taken first.',
  technique: [{ id: 'T1496.001', name: 'Resource Hijacking: Compute Hijacking' }],
  severity: 'high',
  confidence: 0.6,
  family: 'identity',
  falsePositives: ['Machine learning teams', 'Batch computing'],
  services: ['compute.googleapis.com'],
  methods: '(region)?instance((s|Templates|GroupManagers)[.]insert|s[.]bulkInsert)',
  example: 'gcloud compute instances create worker --accelerator=type=nvidia-l4,count=8',
  match: (signal) => {
    if (isOfPlatform(signal)) return undefined;
    const what = quote(signal.resourceName ?? 'a VM');
    if (isAccelerated(signal)) return { because: [`${shownCaller(signal)} made ${what} with accelerators`] };
    // A service of Google creates the machines of a group from its template, so the creation of the template is what
    // counts.
    if (isAcceleratedMachine(at(signal.request, 'properties')))
      return {
        because: [`${shownCaller(signal)} made ${what}, a template of machines with accelerators`],
        confidence: 0.5,
      };
    const count = integer(at(signal.request, 'count')) ?? integer(at(signal.request, 'targetSize')) ?? 1;
    if (count < MANY) return undefined;
    return { because: [`${shownCaller(signal)} made ${count} VMs at once`], severity: 'medium', confidence: 0.5 };
  },
});

const isAccelerated = ({ request }: AuditSignal): boolean =>
  [request, at(request, 'instanceProperties')].some(isAcceleratedMachine);

const isAcceleratedMachine = (machine: unknown): boolean =>
  records(at(machine, 'guestAccelerators')).length > 0 || ACCELERATED.test(text(at(machine, 'machineType')) ?? '');
