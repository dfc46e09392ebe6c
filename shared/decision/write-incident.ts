import { Conflict } from '../errors.ts';
import { type IncidentPorts, putIncident, updateIncident } from '../incidents.ts';
import type { Incident } from '../model/incident.ts';

/**
 * Opens or changes an incident: `change` is pure and gets the document as it stands, null where there is none yet. Giving
 * back what it got writes nothing. Of many who open the same one, the first does, and the others change what it left.
 * `known`: what was read of it a moment ago, undefined where there was none; it is read again only where that is no longer so.
 *
 * @throws Transient after five lost races.
 */
export const writeIncident = async (
  ports: IncidentPorts,
  id: string,
  change: (before: Incident | null) => Incident,
  known: Incident | undefined,
): Promise<Incident> => {
  if (known !== undefined) {
    const updated = await updateIncident(ports, id, change, known);
    if (updated !== undefined) return updated;
  }
  const opened = change(null);
  try {
    return await putIncident(ports, opened, null);
  } catch (thrown) {
    if (!(thrown instanceof Conflict)) throw thrown;
    return (await updateIncident(ports, id, change)) ?? opened;
  }
};
