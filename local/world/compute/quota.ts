import { ComputeFault } from './fault.ts';

/** The rate quota of every project: `perMinute` calls of each group of methods. `used` counts those of one minute. */
export type Quota = { readonly perMinute: number; minute: number; used: Map<string, number> };

const MINUTE_MS = 60_000;

/** A quota of which nothing is used yet. */
export const quotaOf = (perMinute: number): Quota => ({ perMinute, minute: 0, used: new Map() });

/** Compute Engine counts reads, listings, reads of operations and changes apart, each with a quota of its own. */
const groupOf = (method: string): string => {
  if (/Operations\./.test(method)) return 'operation_read_requests';
  if (/\.Get/.test(method)) return 'read_requests';
  return /\.List/.test(method) ? 'list_requests' : 'default';
};

/**
 * Counts a call at `now`, in ms. Throws 403 rateLimitExceeded where its project has no call left in this minute: all of
 * the quota is there again when the next one begins.
 */
export const spend = (quota: Quota, method: string, request: unknown, now: number): void => {
  if (typeof request !== 'object' || request === null || !('project' in request)) return;
  const minute = Math.floor(now / MINUTE_MS);
  if (minute !== quota.minute) {
    quota.minute = minute;
    quota.used.clear();
  }
  const group = groupOf(method);
  const key = `${request.project} ${group}`;
  const used = quota.used.get(key) ?? 0;
  if (used >= quota.perMinute) {
    const message = `Quota exceeded for quota metric 'compute.googleapis.com/${group}' and limit '${quota.perMinute} per minute'.`;
    throw new ComputeFault(403, 'rateLimitExceeded', message, 'usageLimits');
  }
  quota.used.set(key, used + 1);
};
