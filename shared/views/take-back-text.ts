import { lasting, standing } from '../decision/state.ts';
import type { Incident } from '../model/incident.ts';

/** How the steps done may be ended, honestly: something deleted, moved or gone does not come back. */
export const takeBackText = (incident: Incident): { how: string; action: 'release' | 'close' } => {
  if (lasting(incident).length === 0) return { how: 'To take it back', action: 'release' };
  return standing(incident).length === 0
    ? { how: 'What was done does not come back. To end it', action: 'close' }
    : { how: 'To take back what can be', action: 'release' };
};
