import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Suite } from 'mocha';
import { routeOf } from '../../local/world/kubernetes/route.ts';
import { ROUTES } from '../../local/world/kubernetes/routes.ts';
import type { Wire, WireAnswer } from '../../shared/adapters/kubernetes-wire.ts';
import { skipBecause } from '../require.ts';

const exercised = new Set<string>();
/** Routes that only administrators' tools use: the simulated server has none of them. */
const ELSEWHERE = /\/(readyz|authorization\.k8s\.io|admissionregistration\.k8s\.io)(\/|$)/;

/** Whether the server has the route: it did what was asked, or its refusal concerns the object. */
const hasRoute = ({ status, body }: WireAnswer): boolean =>
  status < 300 ||
  [409, 415, 422, 429].includes(status) ||
  (status === 404 && Object(Object(body).details).name !== undefined);

/** A wire that records each route that the server has. */
export const exercising =
  (wire: Wire): Wire =>
  async (request) => {
    const answer = await wire(request);
    const route = routeOf(request);
    if (hasRoute(answer) && route !== undefined && !ELSEWHERE.test(request.path)) exercised.add(route);
    return answer;
  };

const LIST = new URL('../../local/world/kubernetes/routes.ts', import.meta.url);

const write = (routes: readonly string[]): void => {
  const list = `= [\n${routes.map((route) => `  '${route}',\n`).join('')}];`;
  writeFileSync(LIST, readFileSync(LIST, 'utf8').replace(/= \[[^\]]*\];/, list));
};

const hasRun = (suite: Suite): boolean =>
  suite.tests.every((test) => test.state === 'passed' || test.isPending()) && suite.suites.every(hasRun);

/**
 * Compares the routes of the simulated server with those that the suites before this one exercised on the real server.
 * FIREBREAK_ROUTES=write updates the list.
 */
export const routesSuite = (): void => {
  describe('the routes of the simulated server', () => {
    it('are exactly those that these suites have exercised', function () {
      const before = this.test?.parent?.parent?.suites.slice(0, -1) ?? [];
      if (before.length === 0 || !before.every(hasRun)) skipBecause(this, 'not every suite before it ran and passed');
      const routes = [...exercised].toSorted();
      if (process.env.FIREBREAK_ROUTES === 'write') write(routes);
      else
        assert.deepEqual(
          { unlisted: routes.filter((r) => !ROUTES.has(r)), unused: [...ROUTES].filter((r) => !exercised.has(r)) },
          { unlisted: [], unused: [] },
          'bring local/world/kubernetes/routes.ts up to date: FIREBREAK_ROUTES=write npx mocha test/apiserver/server.test.ts',
        );
    });
  });
};
