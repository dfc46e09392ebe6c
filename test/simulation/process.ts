import { Denied, Transient } from '../../shared/errors.ts';
import type { Clock } from '../../shared/ports.ts';
import type { Chance } from './chance.ts';

/**
 * What may go wrong with the ports of one process, as probabilities of each call. `conflict`: another writer writes
 * just before. `denied`: the cloud does not know our rights yet. `jump`: the process's own clock is set back or forth.
 * `slow`: a read from the cloud takes about as long as a lease that is not renewed, or longer.
 */
export type Trouble = {
  crash: number;
  fault: number;
  lostReply: number;
  pause: number;
  conflict: number;
  denied: number;
  jump: number;
  slow: number;
};

export const CALM: Trouble = { crash: 0, fault: 0, lostReply: 0, pause: 0, conflict: 0, denied: 0, jump: 0, slow: 0 };

/**
 * State that the processes of a function share. `withheld`: matches the paths of the calls that are denied now.
 * `long`: a loss of rights lasts longer than anything waits for a denial. `ended`: processes that began before this
 * time, in ms, are dead, as after the deployment of another revision.
 */
export type Rights = { withheld?: RegExp; ever?: true; long?: true; ended?: number };

/**
 * What no process can reach at the moment: calls whose path matches `lost` do not answer. `ever`: there was such a
 * time.
 */
export type Outage = { lost?: RegExp; ever?: true };
export const OUT_OF_REACH = 'is out of reach';

/** What the processes of a function share, and by how many ms their clock is wrong all the time. */
export type Surroundings = { rights?: Rights; outage?: Outage; skew?: number };

/** Whether the processes of a play always reach the store in time with a correct clock, so that runs keep leases. */
export const keepsLeases = ({ fault, lostReply, pause, conflict, jump }: Trouble): boolean =>
  fault + lostReply + pause + conflict + jump === 0;

/**
 * The ports of one process. Every call takes time, and some calls fail, lose their answer, or are the last of the
 * process.
 */
export type Process<T> = { ports: T; hasDied(): boolean };

const FREE = new Set([
  'monotonic',
  'random',
  'info',
  'warn',
  'error',
  'count',
  'served',
  'capOf',
  'stepOf',
  'settings',
  'owner',
  'see',
]);
const never = (): Promise<never> => new Promise(() => undefined);
const LATENCY_MS = 40;
const CLOUD = /^(clusters|compute)\b/;
const LOOK = /\.(get|list|log|instance|disk|group|managedInstances)$/;
const SLOW_MS = { least: 35_000, most: 75_000 };
const JUMPS_MS = { back: 60_000, forth: 120_000 };

type Put = (id: string, doc: object, expected: number | null) => Promise<unknown>;
type Documents = { get(id: string): Promise<{ rev: number } | undefined>; put: Put };
const isDocuments = (target: object): target is Documents => 'get' in target && 'put' in target;

/**
 * Wraps the ports that a handler gets. A process that has died never settles a call again, nor a sleep. A pause makes a
 * zombie: its call to the store arrives long after the lease has ended.
 */
export const processOf = <T extends { clock: Clock }>(
  ports: T,
  trouble: Trouble,
  chance: Chance,
  { rights = {}, outage = {}, skew = 0 }: Surroundings = {},
): Process<T> => {
  let dead = false;
  let offset = skew;
  const began = ports.clock.now();
  const nap = (ms: number): Promise<void> => ports.clock.sleep(ms);

  /** Lets another writer write the document unchanged just before we do. */
  const overtake = async (target: object, [id]: unknown[]): Promise<void> => {
    if (!isDocuments(target) || typeof id !== 'string') return;
    const known = await target.get(id);
    if (known !== undefined) await target.put(id, known, known.rev);
  };

  const strike = async (path: string, target: object, given: unknown[]): Promise<void> => {
    if (chance.happens(trouble.jump)) offset += chance.between(-JUMPS_MS.back, JUMPS_MS.forth);
    if (path.startsWith('stores') && chance.happens(trouble.pause)) await nap(chance.between(30_000, 90_000));
    if (trouble.slow > 0 && CLOUD.test(path) && LOOK.test(path) && chance.happens(trouble.slow))
      await nap(chance.between(SLOW_MS.least, SLOW_MS.most));
    if (/^stores\.(incidents|hosts|budgets|heads)\.put$/.test(path) && chance.happens(trouble.conflict))
      await overtake(target, given);
  };

  const obstruct = (path: string): void => {
    if (outage.lost?.test(path) === true) throw new Transient(`${path} ${OUT_OF_REACH}`);
    if (rights.withheld?.test(path) === true) throw new Denied(`${path}: our rights were taken away`);
  };

  const send = async (path: string, target: object, given: unknown[], effect: () => unknown): Promise<unknown> => {
    if (rights.ended !== undefined && began < rights.ended) dead = true;
    if (dead) return never();
    await nap(chance.between(0, LATENCY_MS));
    await strike(path, target, given);
    if (dead) return never();
    if (chance.happens(trouble.crash)) {
      dead = true;
      if (chance.happens(0.5)) await Promise.resolve(effect()).catch(() => undefined);
      return never();
    }
    if (chance.happens(trouble.fault)) throw new Transient(`${path} did not answer`);
    if (CLOUD.test(path) && chance.happens(trouble.denied)) throw new Denied(`${path}: our rights are not known yet`);
    obstruct(path);
    const answer = await effect();
    if (dead) return never();
    if (chance.happens(trouble.lostReply)) throw new Transient(`the answer of ${path} was lost`);
    await nap(chance.between(0, LATENCY_MS));
    return dead ? never() : answer;
  };

  const follow = <V extends object>(value: V, path: string): V =>
    new Proxy(value, {
      get: (target, key, receiver) => {
        const member: unknown = Reflect.get(target, key, receiver);
        const name = path === '' ? String(key) : `${path}.${String(key)}`;
        if (key === 'now') return () => ports.clock.now() + offset;
        if (FREE.has(String(key)))
          return typeof member === 'function' ? (...given: unknown[]) => Reflect.apply(member, target, given) : member;
        if (typeof member !== 'function') return followed(member, name);
        const plain = (...given: unknown[]): unknown => Reflect.apply(member, target, given);
        if (key === 'sleep') return (ms: number) => (dead ? never() : nap(ms).then(() => (dead ? never() : undefined)));
        if (key === 'reader' || key === 'writer') return (...given: unknown[]) => followed(plain(...given), name);
        return (...given: unknown[]) => send(name, target, given, () => plain(...given));
      },
    });
  const followed = (member: unknown, name: string): unknown =>
    typeof member === 'object' && member !== null && !Array.isArray(member) && !(member instanceof Map)
      ? follow(member, name)
      : member;
  return { ports: follow(ports, ''), hasDied: () => dead };
};
