import type { Incident } from '../../shared/model/incident.ts';
import type { Seen } from './watch.ts';

/** Notes an ask that was opened or whose plan changed, and the plans that operators rejected since `before`. */
export const noteAsk = (
  { asks, rejected }: Pick<Seen, 'asks' | 'rejected'>,
  at: number,
  before: Incident | undefined,
  { id, decision, answered = [] }: Incident,
): void => {
  const asked = decision?.asked;
  if (asked !== undefined && asked.plan !== before?.decision?.asked?.plan) asks.push({ incident: id, at, asked });
  for (const { outcome, plan } of answered.slice(before?.answered?.length ?? 0))
    if (outcome === 'rejected') rejected.push({ incident: id, at, plan });
};

const OF_INCIDENT = /^i-/;

/** Notes that a notice was published. Those of a halt and of dead letters belong to no incident. */
export const noteNotice = ({ told, notices, incidents }: Seen, notice: unknown): void => {
  const { incident, seq } = Object(notice);
  told.add(`${incident} ${seq}`);
  const known = incidents.get(incident);
  if (OF_INCIDENT.test(incident)) notices.push({ notice, stored: known?.outbox.find((one) => one.seq === seq) });
};
