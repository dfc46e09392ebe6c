import { join } from 'node:path';
import type { FunctionName } from '../shared/model/ids.ts';
import type { Databases } from './databases.ts';

/** Whoever sits at this machine; nobody is verified here. */
const LOCAL_OPERATOR = 'operator@localhost';

/** The folder of the evidence of a stack. */
export const evidenceOf = (dir: string): string => join(dir, 'evidence');
/** As the databases: the world that it is of ends with its process, and nothing of it has to outlive a power cut. */
const evidenceSetting = (dir: string): string => `folder:${evidenceOf(dir)}?synchronous=normal`;

type Told = (databases: Pick<Databases, 'environment'>, dir: string) => Record<string, string>;
const incidents: Told = ({ environment }) => environment.incidents;
const memory: Told = ({ environment }) => environment.memory;

/** Which database each function is told of: what it is not told of, it cannot open. */
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
