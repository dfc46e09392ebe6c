import { Transient } from '../../shared/errors.ts';
import type { Clock } from '../../shared/ports.ts';
import type { Chance } from './chance.ts';

/** What may go wrong with the ports of one process, as probabilities of each call. */
export type Trouble = { crash: number; fault: number; lostReply: number; pause: number };

export const CALM: Trouble = { crash: 0, fault: 0, lostReply: 0, pause: 0 };

/** Ports of one process: every call takes time, and some of them fail, lose their answer, or are the process's last. */
export type Process<T> = { ports: T; hasDied(): boolean };

const FREE = new Set([
  'now',
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
]);
const never = (): Promise<never> => new Promise(() => undefined);
const LATENCY_MS = 40;

/**
 * Wraps what a handler is handed. A process that has died never settles a call again, its sleeps included. A pause is a
 * zombie in the making: a call to the store that arrives long after the lease has ended.
 */
export const processOf = <T extends { clock: Clock }>(ports: T, trouble: Trouble, chance: Chance): Process<T> => {
  let dead = false;
  const nap = (ms: number): Promise<void> => ports.clock.sleep(ms);

  const send = async (path: string, effect: () => unknown): Promise<unknown> => {
    if (dead) return never();
    await nap(chance.between(0, LATENCY_MS));
    if (path.startsWith('stores') && chance.happens(trouble.pause)) await nap(chance.between(30_000, 90_000));
    if (dead) return never();
    if (chance.happens(trouble.crash)) {
      dead = true;
      if (chance.happens(0.5)) await Promise.resolve(effect()).catch(() => undefined);
      return never();
    }
    if (chance.happens(trouble.fault)) throw new Transient(`${path} did not answer`);
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
        if (FREE.has(String(key)))
          return typeof member === 'function' ? (...given: unknown[]) => Reflect.apply(member, target, given) : member;
        if (typeof member !== 'function') return followed(member, name);
        const plain = (...given: unknown[]): unknown => Reflect.apply(member, target, given);
        if (key === 'sleep') return (ms: number) => (dead ? never() : nap(ms).then(() => (dead ? never() : undefined)));
        if (key === 'reader' || key === 'writer') return (...given: unknown[]) => followed(plain(...given), name);
        return (...given: unknown[]) => send(name, () => plain(...given));
      },
    });
  const followed = (member: unknown, name: string): unknown =>
    typeof member === 'object' && member !== null && !Array.isArray(member) && !(member instanceof Map)
      ? follow(member, name)
      : member;
  return { ports: follow(ports, ''), hasDied: () => dead };
};
