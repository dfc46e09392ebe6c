/**
 * The point at which a process dies: its n-th I/O, before the call has any effect, or after it, so that only its answer
 * is lost.
 */
export type CrashAt = { call: number; when: 'before' | 'after' };

export type Crashing<T> = { ports: T; calls(): number; crashed(): boolean; names(): readonly string[] };

const never = (): Promise<never> => new Promise(() => undefined);

/**
 * Calls that are no I/O: reading the clock, drawing a random number, writing a log line, naming the served clusters.
 */
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
  'seen',
]);

/**
 * Ports of a process that dies at one I/O: that call and every later one, including sleeps, never settle. Without `at`
 * it only counts calls. Objects and functions are wrapped as they are reached, so that new ports are covered without
 * changes here.
 */
export const crashing = <T extends object>(ports: T, at?: CrashAt): Crashing<T> => {
  const names: string[] = [];
  let dead = false;

  const call = (name: string, send: () => unknown): unknown => {
    if (dead) return never();
    names.push(name);
    if (at === undefined || names.length !== at.call) return send();
    dead = true;
    if (at.when === 'after') void Promise.resolve(send()).catch(() => undefined);
    return never();
  };

  const follow = <V extends object>(value: V, path: string): V =>
    new Proxy(value, {
      get: (target, key, receiver) => {
        const member: unknown = Reflect.get(target, key, receiver);
        const name = `${path}.${String(key)}`;
        if (typeof member === 'function') {
          const plain = (...given: unknown[]): unknown => Reflect.apply(member, target, given);
          if (FREE.has(String(key))) return plain;
          if (key === 'sleep') return (...given: unknown[]) => (dead ? never() : plain(...given));
          if (key === 'reader' || key === 'writer') return (...given: unknown[]) => followed(plain(...given), name);
          return (...given: unknown[]) => call(name, () => plain(...given));
        }
        return followed(member, name);
      },
    });
  const followed = (member: unknown, name: string): unknown =>
    typeof member === 'object' && member !== null && !Array.isArray(member) ? follow(member, name) : member;

  return { ports: follow(ports, ''), calls: () => names.length, crashed: () => dead, names: () => names };
};
