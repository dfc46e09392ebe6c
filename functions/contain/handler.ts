import { z } from 'zod';
import { type RunPorts, run } from '../../shared/containment/run.ts';
import type { Envelope } from '../../shared/envelope.ts';
import { Malformed } from '../../shared/errors.ts';
import type { Spans } from '../../shared/spans.ts';
import { readTraceparent } from '../../shared/trace.ts';

/** An id, never an instruction: the goal is in the incident's document, where only decide and operate write it. */
const message = z.strictObject({ incident: z.string().regex(/^[a-z0-9-]{1,80}$/) });

/**
 * Carries out the goal of the incident that a `containment` message names. Throws Malformed if the message is anything
 * but an id, or names an incident that does not exist.
 */
export const makeContain =
  (ports: RunPorts & { spans?: Spans }) =>
  async (envelope: Envelope): Promise<void> => {
    const read = message.safeParse(envelope.data);
    if (!read.success)
      throw new Malformed(`a containment message is {"incident": ID} and nothing else: ${z.prettifyError(read.error)}`);
    const { incident } = read.data;
    const known = await ports.stores.incidents.get(incident);
    if (known === undefined) throw new Malformed(`there is no incident ${incident}: nothing was done`);
    const { spans } = ports;
    if (spans === undefined) return run(ports, incident, known);
    // All steps of an incident are in the trace that opened it, even if a tick hours later published the message.
    const delivery = spans.current();
    const opener = readTraceparent(known.trace);
    const facts = { 'firebreak.incident': incident, 'firebreak.tier': known.goal?.tier };
    const start = { facts, ...(opener === undefined ? {} : { parent: opener, link: delivery }) };
    await spans.span('contain', start, () => run(ports, incident, known));
  };
