import { incidentRequest } from '../incident-request.ts';

/** `firebreak close`: ends planning for an incident and leaves the changes made in force. */
export const closeCommand = incidentRequest('close', {
  does: 'end an incident and leave what was done in force',
  example: 'firebreak close INCIDENT --reason "handed over to forensics"',
});
