import { join } from 'node:path';
import type { FunctionName } from '../shared/model/ids.ts';
import type { Databases } from './databases.ts';

/** The operator of the local console: whoever sits at this machine. Nobody is verified here. */
const LOCAL_OPERATOR = 'operator@localhost';

/** The folder of a stack's evidence. */
export const evidenceOf = (dir: string): string => join(dir, 'evidence');
/** As for the databases: the simulated world ends with its process, so evidence need not survive a power cut. */
const evidenceSetting = (dir: string): string => `folder:${evidenceOf(dir)}?synchronous=normal`;

type Told = (databases: Pick<Databases, 'environment'>, dir: string) => Record<string, string>;
const incidents: Told = ({ environment }) => environment.incidents;
const memory: Told = ({ environment }) => environment.memory;

/** The databases that each function is given in its environment. It cannot open any other. */
export const STORE_OF: Record<FunctionName, Told> = {
  'detect-audit-log': memory,
  'detect-cryptomining': memory,
  'detect-threat': () => ({}),
  decide: incidents,
  operate: incidents,
  contain: ({ environment }, dir) => ({ ...environment.incidents, FIREBREAK_EVIDENCE: evidenceSetting(dir) }),
  notify: memory,
  console: ({ environment }, dir) => ({
    ...environment.incidents,
    FIREBREAK_EVIDENCE: evidenceSetting(dir),
    FIREBREAK_CONSOLE_OPERATOR: LOCAL_OPERATOR,
  }),
};
