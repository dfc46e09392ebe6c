import { sentenceOf } from '../errors.ts';
import { publishDue, updateIncident } from '../incidents.ts';
import type { Incident } from '../model/incident.ts';
import type { IncidentState } from '../model/notice.ts';
import { timeOf } from '../model/time.ts';
import type { DecidePorts } from '../ports.ts';
import { plain } from '../text.ts';
import { reportLine, requestLine } from '../views/command-line.ts';
import { takeBackText } from '../views/take-back-text.ts';
import { targetText } from '../views/target.ts';
import { momentText } from '../views/time.ts';
import { allOf } from './pages.ts';
import { remindAt, standing, withNotice } from './state.ts';

/** States in which changes may be in force with nothing left to do. */
const STANDING: readonly IncidentState[] = ['contained', 'failed', 'closed'];
/** Reminders are daily, so one look an hour is enough. Ticks may be late or lost, so three ticks of an hour look. */
const LOOKS = 3;

const isTimeToLook = (now: number): boolean => Math.floor(now / 60_000) % 60 < LOOKS;

/** The incident with a reminder of what is still in force, if it is time for one; else the incident itself. */
const reminded = (incident: Incident, now: number): Incident => {
  const due = remindAt(incident);
  const at = timeOf(now);
  if (due === undefined || due > at) return incident;
  const held = standing(incident);
  const since = held.map((e) => e.endedAt ?? e.startedAt).toSorted()[0] ?? at;
  const how =
    incident.goal?.tier === 'closed'
      ? `The incident is closed: undo these changes by hand, or leave them to the next incident on this target. The commands: ${reportLine(incident)}`
      : `${takeBackText(incident).how}: ${requestLine(incident.target, 'release', incident.id)}`;
  const lines = [
    ...held.map((e) => `${e.step} ${plain(e.subject)}: since ${momentText(e.endedAt ?? e.startedAt)}`),
    how,
  ];
  const title = `Still in force since ${momentText(since)}: ${targetText(incident.target)}`;
  return withNotice({ ...incident, remindedAt: at }, { kind: 'reminder', title, lines }, at);
};

/**
 * Tells people once a day what is still in force and can be taken back, so that no containment is forgotten. An error
 * on one incident is logged and does not hold up the others.
 */
export const remindOfStanding = async (ports: DecidePorts): Promise<void> => {
  const now = ports.clock.now();
  if (!isTimeToLook(now)) return;
  for (const state of STANDING)
    for await (const incident of allOf<Incident>(ports.stores.incidents, { state })) {
      if (reminded(incident, now) === incident) continue;
      try {
        const told = await updateIncident(ports, incident.id, (current) => reminded(current, now));
        if (told !== undefined) await publishDue(ports, told);
      } catch (thrown) {
        ports.log.error('tick -> reminder', sentenceOf(thrown), { incident: incident.id });
      }
    }
};
