import type { Clock } from '../../shared/ports.ts';

/** Numbers of calls: by kind (`store`, `cluster`, `compute`, `evidence`, `bus`), and by name. */
export type Trips = { total: Record<string, number>; calls: Record<string, number> };

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isPromise = (value: unknown): value is Promise<unknown> => value instanceof Promise;

const add = (counts: Record<string, number>, name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1;
};

/**
 * `Tell` is called for every call that leaves the process, with its answer, and may delay that answer. A port returned
 * directly by a call (a reader) is wrapped in the same way.
 */
type Tell = (call: string, answer: Promise<unknown>) => Promise<unknown>;
const told = <Port extends object>(port: Port, name: string, tell: Tell): Port =>
  new Proxy(port, {
    get: (target, key) => {
      const held: unknown = Reflect.get(target, key);
      const path = `${name}.${String(key)}`;
      if (typeof held !== 'function') return isObject(held) ? told(held, path, tell) : held;
      return (...args: unknown[]): unknown => {
        const answer: unknown = Reflect.apply(held, target, args);
        if (isPromise(answer)) return tell(path, answer);
        return isObject(answer) && !Array.isArray(answer) ? told(answer, path, tell) : answer;
      };
    },
  });

type Ports = { stores: object; clusters: object; compute: object; bus: object; evidence?: object };

const toldPorts = <P extends Ports>(ports: P, teller: (kind: string) => Tell): P => {
  const { evidence } = ports;
  return {
    ...ports,
    stores: told(ports.stores, 'store', teller('store')),
    clusters: told(ports.clusters, 'cluster', teller('cluster')),
    compute: told(ports.compute, 'compute', teller('compute')),
    bus: told(ports.bus, 'bus', teller('bus')),
    ...(evidence === undefined ? {} : { evidence: told(evidence, 'evidence', teller('evidence')) }),
  };
};

/**
 * The same ports, with calls that take `ms` each; `seen` is called when a call is sent. The time that work takes is
 * then that of the calls that wait for one another.
 */
export const slowPorts = <P extends Ports>(
  ports: P,
  clock: Pick<Clock, 'sleep'>,
  ms: number,
  seen: (call: string) => void,
): P =>
  toldPorts(ports, () => (call, answer) => {
    seen(call);
    return Promise.all([answer, clock.sleep(ms)]).then(([given]) => given);
  });

/** The same ports, with the calls made from now on counted. */
export const countedPorts = <P extends Ports>(ports: P): { ports: P; trips: Trips; reset(): void } => {
  const trips: Trips = { total: {}, calls: {} };
  const teller =
    (kind: string): Tell =>
    (call, answer) => {
      add(trips.total, kind);
      add(trips.calls, call);
      return answer;
    };
  return {
    ports: toldPorts(ports, teller),
    trips,
    reset: () => {
      trips.total = {};
      trips.calls = {};
    },
  };
};
