import { z } from 'zod';
import { rangeOf } from '../../../shared/addresses.ts';
import { invalid, notFound } from './fault.ts';
import { type Caller, global, type Method, method, paging, requestId } from './method.ts';
import { begin, taken, type Work } from './operations.ts';
import { listingOf } from './paging.ts';
import { recordPresence } from './record.ts';
import type { RawFirewall } from './resources.ts';
import { type ComputeState, newId, partial, ROOT, stampOf } from './state.ts';

type At = { project: string; firewall: string };
const firewallUrl = (at: At): string => `projects/${at.project}/global/firewalls/${at.firewall}`;

const findFirewall = (state: ComputeState, at: At): RawFirewall => {
  const firewall = state.firewalls.get(firewallUrl(at));
  if (firewall === undefined) throw notFound(firewallUrl(at));
  return firewall;
};

const name = z.string().regex(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/, 'Must be a name.');
const rule = z.object({ IPProtocol: z.string(), ports: z.array(z.string()).exactOptional() });

/** The resource that `insert` takes, and that a seed describes. */
export const firewallResource = z.object({
  kind: z.string().optional(),
  name,
  network: z.string().exactOptional(),
  description: z.string().exactOptional(),
  direction: z.enum(['INGRESS', 'EGRESS']).default('INGRESS'),
  priority: z.number().int().min(0).max(65535).default(1000),
  disabled: z.boolean().default(false),
  allowed: z.array(rule).default([]),
  denied: z.array(rule).default([]),
  sourceRanges: z.array(z.string()).default([]),
  destinationRanges: z.array(z.string()).default([]),
  sourceTags: z.array(z.string()).default([]),
  targetTags: z.array(name).max(70).default([]),
  targetServiceAccounts: z.array(z.string()).default([]),
  logConfig: z
    .object({ enable: z.boolean().default(false), metadata: z.string().exactOptional() })
    .default({ enable: false }),
});
type FirewallResource = z.output<typeof firewallResource>;

const checkRanges = (field: string, ranges: readonly string[]): void => {
  const bad = ranges.find((range) => rangeOf(range) === undefined);
  if (bad !== undefined) throw invalid(field, bad, 'Must be a valid CIDR address range.');
  if (ranges.some((range) => range.includes(':')) && ranges.some((range) => !range.includes(':'))) {
    throw invalid(field, ranges.join(','), 'Firewall cannot contain both IPv4 and IPv6 ranges.');
  }
};

const check = (state: ComputeState, given: FirewallResource): void => {
  if (given.allowed.length > 0 === given.denied.length > 0) {
    throw invalid('resource.allowed', '', 'Exactly one of allowed and denied must be specified.');
  }
  checkRanges('resource.sourceRanges', given.sourceRanges);
  checkRanges('resource.destinationRanges', given.destinationRanges);
  if (given.direction === 'EGRESS' && (given.sourceRanges.length > 0 || given.sourceTags.length > 0)) {
    throw invalid('resource.sourceRanges', '', 'An egress firewall rule has no sources.');
  }
  if (given.targetTags.length > 0 && given.targetServiceAccounts.length > 0) {
    throw invalid('resource.targetTags', '', 'Target tags and target service accounts exclude each other.');
  }
  if (given.network !== undefined && !state.networks.has(partial(given.network))) {
    throw invalid('resource.network', given.network, 'The referenced network resource cannot be found.');
  }
};

const filled = <T>(key: string, list: readonly T[]): Record<string, readonly T[]> =>
  list.length === 0 ? {} : { [key]: list };

/** A firewall rule in the service's form, with its defaults. */
export const firewallOf = (state: ComputeState, project: string, given: FirewallResource): RawFirewall => {
  const anywhere = given.sourceTags.length > 0 ? [] : ['0.0.0.0/0'];
  const ingress = given.direction === 'INGRESS';
  return {
    kind: 'compute#firewall',
    id: newId(state),
    name: given.name,
    selfLink: `${ROOT}${firewallUrl({ project, firewall: given.name })}`,
    network: ROOT + partial(given.network ?? `projects/${project}/global/networks/default`),
    creationTimestamp: stampOf(state.time()),
    direction: given.direction,
    priority: given.priority,
    disabled: given.disabled,
    logConfig: given.logConfig,
    ...(given.description === undefined ? {} : { description: given.description }),
    ...filled('allowed', given.allowed),
    ...filled('denied', given.denied),
    ...filled('sourceRanges', ingress && given.sourceRanges.length === 0 ? anywhere : given.sourceRanges),
    ...filled(
      'destinationRanges',
      ingress || given.destinationRanges.length > 0 ? given.destinationRanges : ['0.0.0.0/0'],
    ),
    ...filled('sourceTags', given.sourceTags),
    ...filled('targetTags', given.targetTags),
    ...filled('targetServiceAccounts', given.targetServiceAccounts),
  };
};

const insert = (
  state: ComputeState,
  caller: Caller,
  asked: { project: string; requestId?: string; firewallResource: FirewallResource },
) =>
  begin(state, { ...caller, type: 'insert', asked }, (): Work => {
    check(state, asked.firewallResource);
    const firewall = firewallOf(state, asked.project, asked.firewallResource);
    const url = partial(firewall.selfLink);
    if (state.firewalls.has(url) || state.reserved.has(url)) throw taken(url);
    state.reserved.add(url);
    return {
      target: { url, id: firewall.id },
      done: () => {
        state.firewalls.set(url, firewall);
        recordPresence(state, { actor: caller.actor, verb: 'insert' }, firewall, 'there');
      },
      settled: () => state.reserved.delete(url),
    };
  });

const remove = (state: ComputeState, caller: Caller, asked: At & { requestId?: string }) =>
  begin(state, { ...caller, type: 'delete', asked }, (): Work => {
    const firewall = findFirewall(state, asked);
    return {
      target: { url: firewall.selfLink, id: firewall.id },
      done: () => {
        if (state.firewalls.get(firewallUrl(asked)) !== firewall) return;
        state.firewalls.delete(firewallUrl(asked));
        recordPresence(state, { actor: caller.actor, verb: 'delete' }, firewall, 'gone');
      },
    };
  });

/** The methods of `Firewalls`. */
export const firewallMethods: Record<string, Method> = {
  'Firewalls.Get': method(
    ['compute.firewalls.get'],
    z.object({ ...global, firewall: z.string() }),
    firewallUrl,
    (state, _, at) => findFirewall(state, at),
  ),
  'Firewalls.List': method(
    ['compute.firewalls.list'],
    z.object({ ...global, ...paging }),
    (at) => `projects/${at.project}`,
    (state, _, asked) => listingOf('compute#firewallList', state.firewalls, state.pageLimit, asked),
  ),
  'Firewalls.Insert': method(
    ['compute.firewalls.create', 'compute.networks.updatePolicy'],
    z.object({ ...global, ...requestId, firewallResource }),
    (at) => firewallUrl({ project: at.project, firewall: at.firewallResource.name }),
    insert,
  ),
  'Firewalls.Delete': method(
    ['compute.firewalls.delete', 'compute.networks.updatePolicy'],
    z.object({ ...global, ...requestId, firewall: z.string() }),
    firewallUrl,
    remove,
  ),
};
