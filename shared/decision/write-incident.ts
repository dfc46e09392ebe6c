import { Conflict } from '../errors.ts';
import { type IncidentPorts, putIncident, updateIncident } from '../incidents.ts';
import type { Incident } from '../model/incident.ts';

/**
 * Opens or changes an incident. `change` is pure and gets the current document, null if there is none yet; if it
 * returns that document, nothing is written. If several callers open the same incident, the first one does, and the
 * others change what it wrote. `known`: the document as read a moment ago, undefined if there was none. It is read
 * again only if it has changed since.
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
