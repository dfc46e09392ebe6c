import type { Server } from 'node:http';
import { http } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { makeConsole } from '../../functions/console/handler.ts';
import { ended, listening } from '../../local/listening.ts';
import { respond } from '../../shared/adapters/http-response.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { Request } from '../../shared/model/request.ts';
import { consoleKit } from '../kit/console.ts';
import { decisionKit, findingOn, type Kit, podNamed, targetOf } from '../kit/decision.ts';

export type Served = { origin: string; kit: Kit; sent: Request[]; incident: Incident };

/**
 * A console over in-memory documents, served as functions-framework serves it. Its requests are carried out at once.
 */
export const serve = async (kit: Kit): Promise<Served & AsyncDisposable> => {
  const { ports } = consoleKit({}, kit);
  const sent: Request[] = [];
  const clock = {
    ...kit.clock,
    monotonic: () => performance.now(),
    sleep: (ms: number) => new Promise<void>((r) => setTimeout(r, ms / 10)),
  };
  const answer = makeConsole({
    ...ports,
    clock,
    send: async (request) => {
      sent.push(request);
      await kit.ask(request);
      return 'm';
    },
  });
  const name = `console-${Math.random().toString(36).slice(2)}`;
  http(name, (request, response) => respond(answer, request, response));
  const server: Server = getTestServer(name);
  return {
    origin: `http://127.0.0.1:${await listening(server)}`,
    kit,
    sent,
    incident: await kit.incident(),
    [Symbol.asyncDispose]: () => ended(server),
  };
};

/** An incident that asks for delete-workload, with these reasons. */
export const asking = async (because: string[] = ['somebody ran a miner']): Promise<Kit> => {
  const kit = decisionKit();
  const target = targetOf(podNamed(kit, 'shop', 'cart-'));
  await kit.decide(findingOn(kit, target, { rule: 'exec-miner', severity: 'critical', confidence: 0.95, because }));
  return kit;
};
