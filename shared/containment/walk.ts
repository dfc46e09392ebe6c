import { Transient } from '../errors.ts';
import { msOf, type Time } from '../model/time.ts';
import type { ContainPorts } from '../ports.ts';
import type { Ledger } from './ledger.ts';
import { Stopped } from './stopped.ts';

/** Result of one walk. `again`: walk once more at once; `wake`: when to walk again otherwise. */
export type Walk = { settled: boolean; again: boolean; wake?: Time | undefined };

/** Pending steps are polled inside one delivery for at most this long; then the tick wakes them. */
const POLL_MS = 240_000;
/** A wait longer than this is left to the tick. */
const NAP_MS = 10_000;
/** The longest that a run sleeps before it looks whether its goal has changed. */
const LOOK_MS = 2_000;

type Ports = Pick<ContainPorts, 'clock' | 'stores'>;

/** Sleeps until `wake`. Throws Stopped as soon as there is another goal: whoever set it found the incident leased. */
const nap = async ({ clock, stores }: Ports, ledger: Ledger, rev: number, wake: Time): Promise<void> => {
  do {
    await clock.sleep(Math.min(Math.max(msOf(wake) - clock.now(), 1), LOOK_MS));
    const newest = await stores.incidents.get(ledger.id);
    if (newest?.goal?.rev !== rev) throw new Stopped('goal', 'the goal changed while the run waited');
  } while (msOf(wake) > clock.now());
};

/** Walks until everything is settled, and sleeps through short waits. false: the rest is left to the tick. */
export const walked = async (
  ports: Ports,
  ledger: Ledger,
  rev: number,
  walk: () => Promise<Walk>,
): Promise<boolean> => {
  const began = ports.clock.monotonic();
  for (;;) {
    const { settled, again, wake } = await walk();
    await ledger.written();
    if (settled) return true;
    if (again) continue;
    if (wake === undefined) throw new Transient(`incident ${ledger.id} waits for something that never wakes it`);
    if (msOf(wake) - ports.clock.now() > NAP_MS || ports.clock.monotonic() - began > POLL_MS) return false;
    await nap(ports, ledger, rev, wake);
  }
};
