import type { RequestRecord } from '../model/request.ts';
import { newestFirst } from '../model/time.ts';
import type { DocStore } from '../ports.ts';

/** Requests of one incident that are shown, and those that are read of each state to choose them from. */
const MOST = 50;
const MOST_READ = 200;
/** Those that are carried out come first: most of what anybody can send is refused. */
const STATES: ReadonlyArray<RequestRecord['state']> = ['accepted', 'seen', 'refused'];

const isProven = ({ operator }: RequestRecord): boolean => operator !== undefined;

/**
 * The requests about an incident, the newest first. A listing is in the order of ids, and a sender names the id of a
 * request: so a few of many are chosen by what became of them and whether their sender is proven. `moreRequests`:
 * whether some were left out.
 */
export const readRequests = async (
  requests: Pick<DocStore<RequestRecord>, 'list'>,
  incident: string,
): Promise<{ requests: RequestRecord[]; moreRequests: boolean }> => {
  const pages = await Promise.all(STATES.map((state) => requests.list({ key: incident, state }, { limit: MOST_READ })));
  const found = pages.flatMap(({ items }) => {
    const newest = newestFirst(items, ({ firstSeenAt }) => firstSeenAt);
    return [...newest.filter(isProven), ...newest.filter((one) => !isProven(one))];
  });
  // One that is answered while it is read is in two listings.
  const each = [...new Map(found.toReversed().map((one) => [one.id, one])).values()].toReversed();
  return {
    requests: newestFirst(each.slice(0, MOST), ({ firstSeenAt }) => firstSeenAt),
    moreRequests: each.length > MOST || pages.some(({ next }) => next !== undefined),
  };
};
