import { readBeside } from '../shared/console/read.ts';
import { ruleOf } from '../shared/detection/registry.ts';
import { Malformed, sentenceOf } from '../shared/errors.ts';
import type { Entry } from '../shared/model/entry.ts';
import type { Incident } from '../shared/model/incident.ts';
import { timeOf } from '../shared/model/time.ts';
import type { Evidence } from '../shared/ports.ts';
import { type Manifest, manifestExhibit, type ReportFacts } from '../shared/views/report-facts.ts';
import type { Connection } from './connect.ts';
import { incidentMeant, pasted } from './incident-argument.ts';

const MOST_MANIFESTS = 50;

const keyOf = (id: string, { uid, subject }: Entry): string =>
  `incidents/${id}/${uid}/${subject.endsWith('#logs') ? 'logs' : 'objects'}/manifest.json`;

const manifestOf = async (
  evidence: Pick<Evidence, 'get'> | undefined,
  key: string,
  subject: string,
): Promise<Manifest> => {
  if (evidence === undefined)
    return {
      subject,
      key,
      unread: 'The evidence cannot be read from here: set FIREBREAK_EVIDENCE to its gs://BUCKET.',
    };
  try {
    const body = await evidence.get(key);
    if (body === undefined) return { subject, key, unread: 'The evidence has no such manifest.' };
    const { at, kept } = manifestExhibit.parse(JSON.parse(Buffer.from(body).toString('utf8')));
    return { subject, key, at, kept };
  } catch (thrown) {
    return { subject, key, unread: `It cannot be read: ${sentenceOf(thrown).slice(0, 300)}` };
  }
};

/** The manifests of captured evidence. A manifest that cannot be read says so, and does not affect the others. */
const manifestsOf = (evidence: Pick<Evidence, 'get'> | undefined, { id, journal }: Incident): Promise<Manifest[]> =>
  Promise.all(
    journal
      .filter(({ step, state }) => step === 'capture-evidence' && state === 'applied')
      .slice(0, MOST_MANIFESTS)
      .map((entry) => manifestOf(evidence, keyOf(id, entry), entry.subject)),
  );

/**
 * Reads everything that the report of one incident shows: that of an id, or the only one that a word means.
 *
 * @throws Malformed if there is no such incident, or there are several, or no incidents can be read from here.
 */
export const readReport = async (connection: Connection, word: string, now: number): Promise<ReportFacts> => {
  const { stores } = connection;
  if (stores === undefined) throw new Malformed('no incidents can be read from here: start `firebreak local`.');
  const incident = await incidentMeant(stores.incidents, pasted(word));
  const evidence = await connection.evidence?.open();
  const [beside, manifests] = await Promise.all([
    readBeside(stores, evidence, incident),
    manifestsOf(evidence, incident),
  ]);
  return {
    incident,
    ...beside,
    manifests,
    evidenceAt: connection.evidence?.at,
    ruleOf,
    madeAt: timeOf(now),
  };
};
