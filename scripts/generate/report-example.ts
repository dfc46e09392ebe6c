import { readReport } from '../../cli/read-report.ts';
import { cryptominer } from '../../local/scenarios/cryptominer.ts';
import { reportHtml } from '../../shared/views/report-html.ts';
import { played } from '../../test/kit/played.ts';
import type { Files } from './files.ts';

/**
 * `docs/report-example.html`: the report of an incident of the cryptominer scenario, as `firebreak report` writes it.
 */
export const reportExampleFiles = async (): Promise<Files> => {
  const { clock, ports } = await played(cryptominer);
  const { bus, stores, evidence } = ports;
  const [incident] = (await stores.incidents.list({})).items;
  if (incident === undefined) throw new Error('the cryptominer scenario opened no incident');
  const connection = {
    ...{ project: 'p1', local: true, bus, stores },
    evidence: { at: 'gs://p1-firebreak-evidence', open: async () => evidence },
    close: async () => {},
  };
  return new Map([['docs/report-example.html', reportHtml(await readReport(connection, incident.id, clock.now()))]]);
};
