import { incidentRequest } from '../incident-request.ts';

/**
 * `firebreak release`: sets the goal `released`; the run stops before its next change and undoes the changes in force.
 */
export const releaseCommand = incidentRequest('release', {
  does: 'take back what was done to an incident, last change first',
  example: 'firebreak release INCIDENT --reason "false alarm" --wait',
});
