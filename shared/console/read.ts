import { hash } from 'node:crypto';
import { CONSOLE_EXHIBIT } from '../deployment.ts';
import { Newer, sentenceOf } from '../errors.ts';
import type { Host } from '../model/host.ts';
import type { Incident } from '../model/incident.ts';
import { INCIDENT_STATES, type IncidentState } from '../model/notice.ts';
import { HALT_ID, type HaltRecord } from '../model/records.ts';
import type { RequestRecord } from '../model/request.ts';
import type { DocStore, Evidence, Stores } from '../ports.ts';
import { staysValidExhibit } from '../views/html/stays-valid-list.ts';
import type { IncidentFacts } from './incident-page.ts';
import { readRequests } from './read-requests.ts';

type Reader<T> = Pick<DocStore<T>, 'get' | 'list'>;

/** The stores that the console reads, without their writing methods. */
export type ConsoleStores = {
  [K in 'incidents' | 'hosts' | 'requests' | 'halts']: Stores[K] extends DocStore<infer T> ? Reader<T> : never;
};

/** Incidents read per state at most; there are seldom more than a few that are not over. */
const MOST_OF_STATE = 200;
const ACTIVE: readonly IncidentState[] = ['open', 'asking', 'containing', 'contained', 'failed'];

/** The last halt or resume; undefined where nobody has ever halted anything. */
export const haltOf = ({ halts }: Pick<ConsoleStores, 'halts'>): Promise<HaltRecord | undefined> => halts.get(HALT_ID);

/** A short hash of what a page was made of. */
const signed = (parts: readonly string[]): string => hash('sha256', parts.join('\n')).slice(0, 24);

const partsOf = (halt: HaltRecord | undefined, request: RequestRecord | undefined): string[] => [
  `halt ${halt?.rev ?? 0}`,
  `request ${request?.rev ?? 0}`,
];

/** An incident that a list leaves out, in its state. `isNewer`: a newer release wrote it. */
export type Unread = { id: string; state: IncidentState; isNewer: boolean };

/** All incidents, those that cannot be read, and the states that have more of them than were read. */
export const readIncidents = async (
  { incidents }: Pick<ConsoleStores, 'incidents'>,
  states: readonly IncidentState[] = INCIDENT_STATES,
): Promise<{ incidents: Incident[]; unread: Unread[]; more: IncidentState[] }> => {
  const pages = await Promise.all(
    states.map(async (state) => ({ state, ...(await incidents.list({ state }, { limit: MOST_OF_STATE })) })),
  );
  return {
    incidents: oneEach(pages.flatMap(({ items }) => items)),
    unread: oneEach(
      pages.flatMap(({ state, unread = [] }) =>
        unread.map(({ id, because }) => ({ id, state, isNewer: because instanceof Newer })),
      ),
    ),
    more: pages.filter(({ next }) => next !== undefined).map(({ state }) => state),
  };
};

/** An incident that changes its state while the list is read is found twice. */
const oneEach = <T extends { id: string }>(found: readonly T[]): T[] => [
  ...new Map(found.map((one) => [one.id, one])).values(),
];

/** Signature of the list. It needs only active incidents: one that is over has left these, which changes it. */
export const signatureOfList = (
  { incidents, unread }: { incidents: readonly Incident[]; unread: readonly Unread[] },
  halt: HaltRecord | undefined,
  request: RequestRecord | undefined,
): string =>
  signed([
    ...partsOf(halt, request),
    ...[...incidents, ...unread.map((one) => ({ ...one, rev: 'unread' }))]
      .filter(({ state }) => ACTIVE.includes(state))
      .map(({ id, rev }) => `${id} ${rev}`)
      .toSorted(),
  ]);

/** Signature of the page of one incident. */
export const signatureOfIncident = (
  incident: Incident | undefined,
  halt: HaltRecord | undefined,
  request: RequestRecord | undefined,
): string => signed([...partsOf(halt, request), `${incident?.id} ${incident?.rev}`]);

/** Reads the current signature of the list. */
export const lookAtList = async (stores: ConsoleStores, request: string | undefined): Promise<string> => {
  const [found, halt, record] = await Promise.all([
    readIncidents(stores, ACTIVE),
    haltOf(stores),
    request === undefined ? undefined : stores.requests.get(request),
  ]);
  return signatureOfList(found, halt, record);
};

/** Reads the current signature of an incident's page. */
export const lookAtIncident = async (
  stores: ConsoleStores,
  id: string,
  request: string | undefined,
): Promise<string> => {
  const [incident, halt, record] = await Promise.all([
    stores.incidents.get(id),
    haltOf(stores),
    request === undefined ? undefined : stores.requests.get(request),
  ]);
  return signatureOfIncident(incident, halt, record);
};

const hostsOf = async (
  { hosts }: ConsoleStores,
  { journal, subjects }: Incident,
): Promise<ReadonlyMap<string, Host>> => {
  const ids = new Set([
    ...journal.flatMap(({ host }) => host ?? []),
    ...subjects.flatMap((s) => (s.kind === 'workload' ? [] : (s.host?.id ?? []))),
  ]);
  const found = await Promise.all([...ids].map(async (id) => [id, await hosts.get(id)] as const));
  return new Map(found.flatMap(([id, host]) => (host === undefined ? [] : [[id, host] as const])));
};

const MOST_EXHIBITS = 20;

/** For each pod or node whose objects were captured, the exhibit that says what stays valid. */
const validOf = async (
  evidence: Pick<Evidence, 'get'> | undefined,
  { id, journal }: Incident,
): Promise<IncidentFacts['valid']> => {
  const captured = journal.filter(
    (e) => e.step === 'capture-evidence' && e.state === 'applied' && e.subject.endsWith('#objects'),
  );
  return Promise.all(
    captured.slice(0, MOST_EXHIBITS).map(async ({ subject, uid }) => {
      const pod = subject.slice(0, -'#objects'.length);
      const key = `incidents/${id}/${uid}${CONSOLE_EXHIBIT}`;
      if (evidence === undefined) return { pod, unread: `It is in the evidence, as ${key}.` };
      try {
        const body = await evidence.get(key);
        if (body === undefined) return { pod, unread: `The evidence has no ${key}.` };
        return { pod, exhibit: staysValidExhibit.parse(JSON.parse(Buffer.from(body).toString('utf8'))) };
      } catch (thrown) {
        return { pod, unread: `${key} cannot be read: ${sentenceOf(thrown)}` };
      }
    }),
  );
};

/** Reads what is stored beside an incident: hosts, requests and exhibits. */
export const readBeside = async (
  stores: ConsoleStores,
  evidence: Pick<Evidence, 'get'> | undefined,
  incident: Incident,
): Promise<Pick<IncidentFacts, 'hosts' | 'requests' | 'moreRequests' | 'valid'>> => {
  const [hosts, asked, valid] = await Promise.all([
    hostsOf(stores, incident),
    readRequests(stores.requests, incident.id),
    validOf(evidence, incident),
  ]);
  return { hosts, valid, ...asked };
};
