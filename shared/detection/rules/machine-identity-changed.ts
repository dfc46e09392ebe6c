import { text } from '../../kubernetes/loose.ts';
import { quote } from '../../text.ts';
import { adminRule } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';
import { isOfPlatform } from '../members.ts';

/** A node, whose service account only its pool sets. */
const NODE = /\/instances\/gke-/;

/** Somebody gave a machine another identity. */
export const machineIdentityChanged = adminRule({
  id: 'machine-identity-changed',
  title: 'Service account of a VM changed',
  sees: 'A VM that gets another service account: medium 0.50, and high for a node of GKE.',
  why: 'Whoever can log in to the VM, or runs in a pod that reaches its metadata server, has the new identity from its next start on.',
  technique: [
    { id: 'T1098.003', name: 'Account Manipulation: Additional Cloud Roles' },
    { id: 'T1578.005', name: 'Modify Cloud Compute Infrastructure: Modify Cloud Compute Configurations' },
  ],
  severity: 'high',
  confidence: 0.7,
  family: 'identity',
  falsePositives: ['Infrastructure code that gives VMs narrower service accounts'],
  services: ['compute.googleapis.com'],
  methods: 'instances[.]setServiceAccount',
  example: 'gcloud compute instances set-service-account node-1 --service-account=admin@p1.iam.gserviceaccount.com',
  match: (signal) => {
    const { request, resourceName = 'a VM' } = signal;
    const email = text(request?.email);
    if (email === undefined || isOfPlatform(signal)) return undefined;
    return {
      because: [`${shownCaller(signal)} gave ${quote(resourceName, 300)} the service account ${quote(email)}`],
      ...(NODE.test(resourceName) ? {} : { severity: 'medium', confidence: 0.5 }),
    };
  },
});
