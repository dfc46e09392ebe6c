/** Calls by what they reach: `store`, `cluster`, `compute`, `evidence`, `bus`, and each by its name. */
export type Trips = { total: Record<string, number>; calls: Record<string, number> };

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isPromise = (value: unknown): boolean => isObject(value) && 'then' in value;

const add = (counts: Record<string, number>, name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1;
};

/** A port whose every call that leaves the process is told; what a call gives at once (a reader) is such a port again. */
const told = <Port extends object>(port: Port, name: string, tell: (call: string) => void): Port =>
  new Proxy(port, {
    get: (target, key) => {
      const held: unknown = Reflect.get(target, key);
      const path = `${name}.${String(key)}`;
      if (typeof held !== 'function') return isObject(held) ? told(held, path, tell) : held;
      return (...args: unknown[]): unknown => {
        const answer: unknown = Reflect.apply(held, target, args);
        if (isPromise(answer)) tell(path);
        return isObject(answer) && !isPromise(answer) && !Array.isArray(answer) ? told(answer, path, tell) : answer;
      };
    },
  });

type Ports = { stores: object; clusters: object; compute: object; bus: object; evidence?: object };

/** The same ports, and what is asked of them from now on. */
export const countedPorts = <P extends Ports>(ports: P): { ports: P; trips: Trips; reset(): void } => {
  const trips: Trips = { total: {}, calls: {} };
  const teller =
    (kind: string) =>
    (call: string): void => {
      add(trips.total, kind);
      add(trips.calls, call);
    };
  const { evidence } = ports;
  return {
    ports: {
      ...ports,
      stores: told(ports.stores, 'store', teller('store')),
      clusters: told(ports.clusters, 'cluster', teller('cluster')),
      compute: told(ports.compute, 'compute', teller('compute')),
      bus: told(ports.bus, 'bus', teller('bus')),
      ...(evidence === undefined ? {} : { evidence: told(evidence, 'evidence', teller('evidence')) }),
    },
    trips,
    reset: () => {
      trips.total = {};
      trips.calls = {};
    },
  };
};
