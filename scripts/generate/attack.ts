import { RULES } from '../../shared/detection/registry.ts';
import { looseTable } from './files.ts';

/** A technique; `unseen` is the reason why no rule sees it. */
type Technique = { id: string; name: string; unseen?: string };

const technique = (id: string, name: string, unseen?: string): Technique => ({
  id,
  name,
  ...(unseen === undefined ? {} : { unseen }),
});

const JOB = technique('T1053.007', 'Scheduled Task/Job: Container Orchestration Job');
const VALID = technique('T1078', 'Valid Accounts');
const DEPLOY = technique('T1610', 'Deploy Container');
const ROLES = technique('T1098.006', 'Account Manipulation: Additional Container Cluster Roles');
const SERVICE = technique('T1543.005', 'Create or Modify System Process: Container Service');
const REMOTE = technique('T1133', 'External Remote Services');
const TOKEN = technique('T1550.001', 'Use Alternate Authentication Material: Application Access Token');

/** The containers matrix of MITRE ATT&CK, in its order. */
export const CONTAINERS: ReadonlyArray<[tactic: string, techniques: readonly Technique[]]> = [
  ['Initial Access', [technique('T1190', 'Exploit Public-Facing Application'), REMOTE, VALID]],
  [
    'Execution',
    [
      technique('T1609', 'Container Administration Command'),
      DEPLOY,
      JOB,
      technique('T1204.003', 'User Execution: Malicious Image'),
    ],
  ],
  [
    'Persistence',
    [
      ROLES,
      technique('T1136', 'Create Account'),
      SERVICE,
      REMOTE,
      technique(
        'T1525',
        'Implant Internal Image',
        'only the log of Artifact Registry shows pushes, and it is not read',
      ),
      JOB,
      VALID,
    ],
  ],
  [
    'Privilege Escalation',
    [
      ROLES,
      SERVICE,
      technique('T1611', 'Escape to Host'),
      technique('T1068', 'Exploitation for Privilege Escalation'),
      JOB,
      VALID,
    ],
  ],
  [
    'Defense Evasion',
    [
      technique('T1612', 'Build Image on Host', 'no audit log shows what is built in a pod or on a node'),
      DEPLOY,
      technique('T1562.001', 'Impair Defenses: Disable or Modify Tools'),
      technique('T1070', 'Indicator Removal'),
      technique('T1036.005', 'Masquerading: Match Legitimate Resource Name or Location'),
      TOKEN,
      VALID,
    ],
  ],
  [
    'Credential Access',
    [
      technique('T1110', 'Brute Force', 'the API server of GKE takes no passwords'),
      technique('T1528', 'Steal Application Access Token'),
      technique('T1552.001', 'Unsecured Credentials: Credentials In Files'),
      technique('T1552.007', 'Unsecured Credentials: Container API'),
    ],
  ],
  [
    'Discovery',
    [
      technique('T1613', 'Container and Resource Discovery'),
      technique('T1046', 'Network Service Discovery'),
      technique('T1069', 'Permission Groups Discovery'),
    ],
  ],
  ['Lateral Movement', [TOKEN]],
  [
    'Impact',
    [
      technique('T1485', 'Data Destruction'),
      technique('T1499', 'Endpoint Denial of Service', 'monitoring watches load; only mining has rules'),
      technique('T1490', 'Inhibit System Recovery'),
      technique('T1498', 'Network Denial of Service', 'no audit log shows traffic'),
      technique('T1496', 'Resource Hijacking'),
    ],
  ],
];

const covers = (id: string, wanted: string): boolean => id === wanted || id.startsWith(`${wanted}.`);

/** The ids of the rules that see a technique, or one of its sub-techniques. */
export const rulesOf = (wanted: string): string[] =>
  RULES.filter((rule) => rule.technique.some(({ id }) => covers(id, wanted))).map(({ id }) => id);

const linked = (ids: readonly string[]): string => ids.map((id) => `[${id}](#${id})`).join(', ');

/**
 * Tables of techniques and the rules that see them: first the containers matrix, with unseen ones, then all other
 * techniques that rules name.
 */
export const attackTables = (): string[] => {
  const matrix = CONTAINERS.flatMap(([tactic, techniques]) =>
    techniques.map(({ id, name, unseen = '' }) => {
      const seen = rulesOf(id);
      return [tactic, `${id} ${name}`, seen.length === 0 ? `none: ${unseen}` : linked(seen)];
    }),
  );
  const named = CONTAINERS.flatMap(([, techniques]) => techniques.map(({ id }) => id));
  const others = new Map(
    RULES.flatMap((rule) => rule.technique)
      .filter(({ id }) => !named.some((wanted) => covers(id, wanted)))
      .map(({ id, name }) => [id, name]),
  );
  return [
    '## ATT&CK coverage',
    '',
    'The containers matrix of MITRE ATT&CK, and the rules that detect each technique:',
    '',
    looseTable(['tactic', 'technique', 'rules'], matrix),
    '',
    'Techniques of other matrices that rules detect:',
    '',
    looseTable(
      ['technique', 'rules'],
      [...others].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([id, name]) => [`${id} ${name}`, linked(rulesOf(id))]),
    ),
    '',
  ];
};
