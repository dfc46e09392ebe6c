import { at, text } from '../../kubernetes/loose.ts';
import { quote } from '../../text.ts';
import { adminRule } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';

/** Somebody copies the traffic of machines to a place of their own. */
export const packetsMirrored = adminRule({
  id: 'packets-mirrored',
  title: 'Network traffic of VMs mirrored',
  sees: 'A packet mirroring of Compute Engine that is created or changed, unless the change switches it off.',
  why: 'It copies all packets of the chosen VMs, nodes among them: whatever pods send without encryption can be read, and nothing on the nodes shows it.',
  technique: [{ id: 'T1040', name: 'Network Sniffing' }],
  severity: 'high',
  confidence: 0.6,
  family: 'network',
  falsePositives: ['Setting up Cloud IDS or another inspection of the network'],
  services: ['compute.googleapis.com'],
  methods: 'packetMirrorings[.](insert|patch)',
  example: 'gcloud compute packet-mirrorings create m --collector-ilb=c --network=n --mirrored-tags=gke-node',
  match: (signal) => {
    const { request, resourceName = 'a packet mirroring' } = signal;
    if (request?.enable === 'FALSE') return undefined;
    const collector = text(at(request, 'collectorIlb', 'url'));
    const to = collector === undefined ? '' : `, which sends packets to ${quote(collector, 300)}`;
    return { because: [`${shownCaller(signal)} set up ${quote(resourceName, 300)}${to}`] };
  },
});
