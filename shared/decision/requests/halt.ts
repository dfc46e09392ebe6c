import { againOnConflict } from '../../again-on-conflict.ts';
import { Conflict } from '../../errors.ts';
import { publishDue } from '../../incidents.ts';
import type { Incident } from '../../model/incident.ts';
import type { Notice } from '../../model/notice.ts';
import { HALT_ID, type HaltRecord } from '../../model/records.ts';
import { msOf, type Time, timeOf } from '../../model/time.ts';
import { asSaid, counted } from '../../text.ts';
import { requestLine } from '../../views/command-line.ts';
import { momentText } from '../../views/time.ts';
import { allOf } from '../pages.ts';
import { setIn } from '../under-halt.ts';
import { type Asked, accept, type Judged, nowOf, type OperatePorts, refuse } from './request.ts';
import { unheededIn } from './surplus.ts';

const REMINDER_MS = 60 * 60_000;
/** Halts and resumes that the document remembers: a redelivery comes within an hour or so. */
const KEPT = 50;

/** A halt is about no single incident: its notices form a thread of this name, numbered by the document's revision. */
const noticeOf = (ports: OperatePorts, halt: HaltRecord, title: string): Notice => {
  const target = { project: ports.clusters.served()[0]?.project ?? 'unknown' };
  const said = asSaid(halt.reason);
  const resumes = `To send changes again: ${requestLine(target, 'resume')}`;
  return {
    v: 1,
    incident: HALT_ID,
    seq: halt.rev,
    kind: halt.toldAt === undefined || halt.toldAt === halt.at ? 'info' : 'reminder',
    at: nowOf(ports),
    title,
    lines: halt.halted ? [said, resumes] : [said],
    severity: null,
    tier: null,
    state: halt.halted ? 'open' : 'closed',
    target,
  };
};

const titleOf = ({ halted, by, at }: HaltRecord): string =>
  halted
    ? `Halted by ${by} since ${momentText(at)}: no change is sent, except for releases requested after it`
    : `Resumed by ${by}: changes are sent again`;

const tell = (ports: OperatePorts, halt: HaltRecord): Promise<unknown> =>
  ports.bus.publish('notices', noticeOf(ports, halt, titleOf(halt)));

/** Why a halt or resume is not carried out; undefined if it is. */
const refusalOf = (known: HaltRecord | undefined, at: Time, halted: boolean): string | undefined => {
  const since = known?.halted === true ? `by ${known.by} since ${momentText(known.at)}` : undefined;
  if (known !== undefined && (at <= known.at || at < (known.againAt ?? known.at)))
    return `it is older than what holds (${since === undefined ? 'not halted' : `halted ${since}`}): send it again if it is still meant`;
  if ((known?.halted ?? false) !== halted) return undefined;
  return since === undefined
    ? 'nothing is halted, so there is nothing to resume'
    : `everything is halted already, ${since}`;
};

/** What a halt or resume led to. `past`: it was carried out earlier, and another one holds by now. */
type Set = { stored: HaltRecord } | { refused: string } | 'past';

const put = async (ports: OperatePorts, asked: Asked, halted: boolean): Promise<Set> => {
  const { request, at, id } = asked;
  const known = await ports.stores.halts.get(HALT_ID);
  if (known?.request === id) return { stored: known };
  if (known !== undefined && setIn(known).some((one) => one.id === id)) return 'past';
  const refused = refusalOf(known, at, halted);
  if (refused !== undefined) {
    // Whoever asks for a halt that holds already means it to hold: a resume from before may still be under way.
    if (halted && known?.halted === true && at > (known.againAt ?? known.at))
      await ports.stores.halts.put(HALT_ID, { ...known, againAt: at }, known.rev);
    return { refused };
  }
  const { requestedBy: by, reason } = request;
  const done = [...(known === undefined ? [] : setIn(known)), { id, halted }].slice(-KEPT);
  const set = { halted, at, since: nowOf(ports), by, reason, request: id, done, toldAt: at };
  const next: HaltRecord = { v: 1, rev: 0, writer: '', ...known, ...set };
  return { stored: await ports.stores.halts.put(HALT_ID, next, known?.rev ?? null) };
};

/** The document that was written; undefined if somebody else wrote first. */
const unlessTaken = async (writing: Promise<HaltRecord>): Promise<HaltRecord | undefined> => {
  try {
    return await writing;
  } catch (thrown) {
    if (thrown instanceof Conflict) return undefined;
    throw thrown;
  }
};

const set = (ports: OperatePorts, asked: Asked, halted: boolean): Promise<Set> =>
  againOnConflict('the halt was written by others', () => put(ports, asked, halted));

/** `halt`: from the moment it is stored, no change is sent, except by a release that was asked for after it. */
export const halt: Judged = async (ports, asked) => {
  const done = await set(ports, asked, true);
  if (done !== 'past' && 'refused' in done) return refuse(done.refused);
  if (done !== 'past') await tell(ports, done.stored);
  const halted = 'halted: nothing is changed until somebody resumes, except by releases requested from now on';
  return accept([halted, ...unheededIn(asked.request)].join('; '));
};

/** `resume`: changes are sent again, and every incident that the halt stopped is taken up again. */
export const resume: Judged = async (ports, asked) => {
  const done = await set(ports, asked, false);
  if (done === 'past') return accept('resumed');
  if ('refused' in done) return refuse(done.refused);
  await tell(ports, done.stored);
  let count = 0;
  for await (const incident of allOf<Incident>(ports.stores.incidents, { state: 'containing' })) {
    await publishDue(ports, incident);
    count += 1;
  }
  return accept(`resumed: ${count === 0 ? 'no incident was waiting' : `${counted(count, 'incident')} taken up again`}`);
};

/**
 * Tells people every hour that a halt still holds. Of concurrent ticks, the first to write `toldAt` publishes the
 * reminder. If it cannot be published, `toldAt` is restored, so that the next tick tries again.
 *
 * @throws what the bus or the store throws.
 */
export const remindOfHalt = async (ports: OperatePorts): Promise<void> => {
  const known = await ports.stores.halts.get(HALT_ID);
  const now = ports.clock.now();
  if (known?.halted !== true || now - msOf(known.toldAt ?? known.at) < REMINDER_MS) return;
  const stored = await unlessTaken(ports.stores.halts.put(HALT_ID, { ...known, toldAt: timeOf(now) }, known.rev));
  if (stored === undefined) return;
  try {
    await tell(ports, stored);
  } catch (thrown) {
    const { toldAt: _, ...rest } = stored;
    const told = known.toldAt === undefined ? {} : { toldAt: known.toldAt };
    await unlessTaken(ports.stores.halts.put(HALT_ID, { ...rest, ...told }, stored.rev));
    throw thrown;
  }
};
