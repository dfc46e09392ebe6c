import { conflict, failure, forbidden, type Refusal } from './refusal.ts';
import type { Address } from './requests.ts';

export const FAULTS = ['403', '409', '429', '500', '503', 'timeout', 'lost-reply'] as const;
/** `webhook`: an admission webhook does not answer, and must not be passed by. */
type Fault = (typeof FAULTS)[number] | 'webhook';

/** A scripted fault: the next `times` calls that match fail. `verb` may also be `evict` or `log`. */
type FaultRule = { verb?: string; kind?: string; name?: string; times: number; fault: Fault };

export type Faults = {
  add(rule: FaultRule): void;
  clear(): void;
  /** The fault for this call, if any; it is counted as used. */
  strike(address: Address): Fault | undefined;
};

/** The name of a call's verb in a fault script. */
export const spokenVerb = (address: Address): string =>
  address.subresource === 'eviction' ? 'evict' : address.subresource === 'log' ? 'log' : address.verb;

/** A fault script without rules. */
export const makeFaults = (): Faults => {
  let rules: FaultRule[] = [];
  return {
    add: (rule) => {
      rules.push({ ...rule });
    },
    clear: () => {
      rules = [];
    },
    strike: (address) => {
      const rule = rules.find(
        (r) =>
          r.times > 0 &&
          (r.verb === undefined || r.verb === spokenVerb(address)) &&
          (r.kind === undefined || r.kind === address.kind.kind) &&
          (r.name === undefined || r.name === address.name),
      );
      if (rule === undefined) return undefined;
      rule.times -= 1;
      return rule.fault;
    },
  };
};

/** The API server's answer for a scripted fault with a status. */
export const refusalOf = (fault: Exclude<Fault, 'timeout' | 'lost-reply'>, address: Address): Refusal => {
  const about = { group: address.kind.group, plural: address.kind.plural, name: address.name ?? '' };
  switch (fault) {
    case '403':
      return forbidden(about, 'a scripted refusal');
    case '409':
      return conflict(
        about,
        'the object has been modified; please apply your changes to the latest version and try again',
      );
    case '429':
      return failure(
        429,
        'TooManyRequests',
        'Too many requests, please try again later.',
        { retryAfterSeconds: 1 },
        { 'retry-after': '1' },
      );
    case '500':
      return failure(500, 'InternalError', 'Internal error occurred: a scripted fault', {
        causes: [{ message: 'a scripted fault' }],
      });
    case 'webhook': {
      const why =
        'failed calling webhook "a.example.com": failed to call webhook: Post "https://a.shop.svc:443/?timeout=10s": context deadline exceeded';
      return failure(500, 'InternalError', `Internal error occurred: ${why}`, { causes: [{ message: why }] });
    }
    case '503':
      return failure(503, 'ServiceUnavailable', 'the server is currently unable to handle the request');
  }
};
