import type { PodSubject } from '../model/subject.ts';

/** How many hosts a pod keeps that it ran on before. */
const FORMER_HOSTS = 5;

/**
 * The hosts of a pod that is seen again. Its VM may have been made again for the same Node, and the pod lives on there:
 * then it is that VM which is to be contained. What has been left behind once does not come back by a late reading, and
 * a host whose id nobody has confirmed is not followed: whoever holds a node could lead away from its VM.
 */
export const followedHost = (known: PodSubject, next: PodSubject): Pick<PodSubject, 'host' | 'formerHosts'> => {
  const { host, formerHosts = [] } = known;
  const kept = formerHosts.length === 0 ? {} : { formerHosts };
  if (host === undefined) return next.host === undefined ? kept : { host: next.host, ...kept };
  const isAnother = next.host?.instance !== undefined && next.host.unconfirmed !== true && next.host.id !== host.id;
  const isNew = isAnother && formerHosts.every(({ id }) => id !== next.host?.id);
  return isNew && next.host !== undefined && formerHosts.length < FORMER_HOSTS
    ? { host: next.host, formerHosts: [...formerHosts, host] }
    : { host, ...kept };
};
