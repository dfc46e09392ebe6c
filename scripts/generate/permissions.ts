import { ACCESS, type OptIn, type Place, type Right } from '../../shared/access.ts';
import { FUNCTIONS } from '../../shared/model/ids.ts';
import { type Files, GENERATED_NOTE, markdownTable } from './files.ts';

/** The words for each place, in the order of the table. */
const PLACES: Readonly<Record<Place, string>> = {
  project: 'the project',
  nodes: 'VMs of served clusters, by a condition',
  network: 'the project of a network',
  'node-accounts': 'service accounts of nodes',
  evidence: 'the evidence bucket',
  exhibit: '`what-stays-valid.json` in the evidence bucket, by a condition',
  incidents: 'database `incidents`, by a condition',
  memory: 'database `memory`, by a condition',
};
const OPT_INS: Readonly<Record<OptIn, string>> = {
  deleting: '`deleting`',
  'ssh-key': '`ssh_key`',
  traces: '`otlp_endpoint`',
};

const isPlace = (name: string): name is Place => Object.hasOwn(PLACES, name);
const shown = (rights: readonly Right[]): string =>
  [...new Set(rights.map(({ permission }) => permission))]
    .toSorted()
    .map((permission) => `\`${permission}\``)
    .join(', ');

const rowsOf = (name: (typeof FUNCTIONS)[number]): string[][] => {
  const { publishes, files, rights } = ACCESS[name];
  const placed = Object.keys(PLACES)
    .filter(isPlace)
    .flatMap((place) =>
      [undefined, 'deleting' as const, 'ssh-key' as const, 'traces' as const].flatMap((when) => {
        const here = rights.filter((right) => right.on === place && right.when === when);
        return here.length === 0 ? [] : [[name, PLACES[place], shown(here), when === undefined ? '' : OPT_INS[when]]];
      }),
    );
  const topics = publishes.map((topic) => `topic \`firebreak-${topic}\``).join(', ');
  const mounted = files.map((file) => `secret \`firebreak-${file}\``).join(', ');
  return [
    ...placed,
    ...(topics === '' ? [] : [[name, topics, '`pubsub.topics.publish`', '']]),
    ...(mounted === '' ? [] : [[name, mounted, '`secretmanager.versions.access`', '']]),
  ];
};

/** `docs/permissions.md`: every right of every function in Google Cloud. */
export const permissionFiles = (): Files => {
  const text = [
    GENERATED_NOTE,
    '',
    '# What each function may do in Google Cloud',
    '',
    'Each row is a separate custom role, except for publishing and mounted files, which are granted by topic and by secret. What a',
    'function may do inside a cluster is in [kubernetes-access.md](kubernetes-access.md). `test/shared/access.test.ts` runs every function',
    'and compares this table with its calls, both ways; the contract of each step checks the permissions that contain has for it',
    '([steps.md](steps.md)). The last column names the Terraform variable that a permission depends on.',
    '',
    markdownTable(['function', 'on', 'permissions', 'only with'], FUNCTIONS.flatMap(rowsOf)),
    '',
  ];
  return new Map([['docs/permissions.md', text.join('\n')]]);
};
