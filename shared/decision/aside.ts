import type { Goal } from '../model/decision.ts';
import type { Incident } from '../model/incident.ts';
import type { Subject } from '../model/subject.ts';
import type { Time } from '../model/time.ts';
import { requestLine } from '../views/command-line.ts';
import { isOver } from './correlate.ts';
import { asideOf, namesOf } from './grant.ts';
import { withNotice } from './state.ts';

/** The subjects that nothing is done to and nothing is asked for, because only replayed findings are about them. */
const leftAside = (incident: Incident): Subject[] =>
  incident.goal === null || isOver(incident) || incident.decision?.asked !== undefined ? [] : asideOf(incident);

/** How to do to all subjects of an incident what is done to some of them. */
export const forAllText = ({ id, target }: Pick<Incident, 'id' | 'target'>, { tier }: Goal): string =>
  `To do the same for all subjects: ${requestLine(target, 'contain', id, '--tier', tier)}`;

/**
 * Tells people of subjects that are left aside now, and how to contain them. `headline`: what the incident is about.
 */
export const withAside = (before: Incident, after: Incident, headline: string, at: Time): Incident => {
  const { goal } = after;
  const known = new Set(leftAside(before).map(({ uid }) => uid));
  const aside = leftAside(after).filter(({ uid }) => !known.has(uid));
  if (aside.length === 0 || goal === null) return after;
  const because = 'only findings replayed from dead letters are about it, and these lead at most to an ask';
  const title = `${headline}: nothing is done to ${namesOf(aside)}`;
  return withNotice(after, { kind: 'info', title, lines: [because, forAllText(after, goal)] }, at);
};
