import { strangerOf } from '../decision/operators.ts';
import type { Policy } from '../decision/policy.ts';
import { ruleOf } from '../detection/registry.ts';
import { INCIDENT_STATES } from '../model/notice.ts';
import type { Clock, Evidence } from '../ports.ts';
import { VERSION } from './files.ts';
import type { Asked, Reply } from './http.ts';
import { incidentPage } from './incident-page.ts';
import { listPage } from './list-page.ts';
import type { Visitor } from './operator.ts';
import { type Answer, type Page, pageText, type Surroundings } from './page.ts';
import { type ConsoleStores, haltOf, readBeside, readIncidents, signatureOfIncident, signatureOfList } from './read.ts';
import { messageReply, pageReply } from './reply.ts';
import { guardOf } from './same-origin.ts';

/** What the console's pages are made from. */
export type PagePorts = {
  project: string;
  clock: Pick<Clock, 'now' | 'random'>;
  stores: ConsoleStores;
  /** Reads one kind of exhibit; without it the page says where the exhibit is stored. */
  evidence?: Pick<Evidence, 'get'>;
  policy: Policy;
  policyHash: string;
};

/** The console's pages: the list of incidents, and one incident. */
type Pages = {
  list(asked: Asked, visitor: Visitor): Promise<Reply>;
  one(asked: Asked, visitor: Visitor, id: string): Promise<Reply>;
};

const REQUEST = /^[A-Za-z0-9._-]{1,100}$/;

/** The id of the request whose answer a page shows, from the query; undefined if the query has no valid id. */
export const followedRequest = ({ query }: Asked): string | undefined => {
  const id = query.get('request');
  return id !== null && REQUEST.test(id) ? id : undefined;
};

/** Makes the pages. `secure`: visitors are verified, and reach the console by HTTPS. */
export const makePages = (ports: PagePorts, secure: boolean): Pages => {
  const { stores, clock, policy, policyHash, project } = ports;

  const answerOf = async (asked: Asked): Promise<Answer | undefined> => {
    const id = followedRequest(asked);
    return id === undefined ? undefined : { id, record: await stores.requests.get(id) };
  };

  const shown = async (
    asked: Asked,
    visitor: Visitor,
    make: (around: Omit<Surroundings, 'signature'>) => Promise<{ page: Page; signature: string } | undefined>,
  ): Promise<Reply> => {
    const guard = guardOf(asked, { secure, fresh: () => clock.random() });
    const [halt, answer] = await Promise.all([haltOf(stores), answerOf(asked)]);
    const around = {
      project,
      operator: visitor,
      stranger: secure ? strangerOf(policy, visitor) : undefined,
      now: clock.now(),
      halt,
      answer,
      formToken: guard.token,
      newId: () => clock.random(),
      version: VERSION,
    };
    const made = await make(around);
    if (made === undefined)
      return messageReply(404, 'There is nothing here', 'No incident has this id, or it is kept no longer.');
    const body = pageText(made.page, { ...around, signature: made.signature });
    return pageReply(200, body, guard.cookie === undefined ? {} : { 'set-cookie': guard.cookie });
  };

  return {
    list: (asked, visitor) =>
      shown(asked, visitor, async (around) => {
        const found = await readIncidents(stores);
        const state = INCIDENT_STATES.find((one) => one === asked.query.get('state'));
        const search = (asked.query.get('q') ?? '').trim().slice(0, 200);
        const signature = signatureOfList(found, around.halt, around.answer?.record);
        const page = listPage({ ...found, filter: { state, search }, ruleOf }, { ...around, signature });
        return { page, signature };
      }),
    one: (asked, visitor, id) =>
      shown(asked, visitor, async (around) => {
        const incident = await stores.incidents.get(id);
        if (incident === undefined) return undefined;
        const beside = await readBeside(stores, ports.evidence, incident);
        const signature = signatureOfIncident(incident, around.halt, around.answer?.record);
        const page = incidentPage({ incident, ...beside, policy, policyHash, ruleOf }, { ...around, signature });
        return { page, signature };
      }),
  };
};
