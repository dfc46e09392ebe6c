import { quote } from '../../text.ts';
import { adminRule } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';

/** Somebody connected to the serial console of a machine. */
export const serialConsoleConnected = adminRule({
  id: 'serial-console-connected',
  title: 'Serial console used',
  sees: 'A connection to the serial console of a VM.',
  why: 'It bypasses every firewall, and is hardly ever used except in emergencies.',
  technique: [{ id: 'T1021', name: 'Remote Services' }],
  severity: 'medium',
  confidence: 0.6,
  family: 'identity',
  falsePositives: ['Emergencies'],
  services: ['ssh-serialport.googleapis.com'],
  methods: 'connect',
  example: 'gcloud compute connect-to-serial-port node-1',
  match: (signal) => ({
    because: [`${shownCaller(signal)} connected to the console of ${quote(signal.resourceName ?? 'a VM')}`],
  }),
});
