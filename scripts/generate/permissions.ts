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
    ...(name === 'notify'
      ? [[name, 'the secrets of `notifiers`', '`secretmanager.versions.access`', '`notifiers`']]
      : []),
  ];
};

/** `docs/permissions.md`: every right of every function in Google Cloud. */
export const permissionFiles = (): Files => {
  const text = [
    GENERATED_NOTE,
    '',
    '# What each function may do in Google Cloud',
    '',
    'Each row is a custom role of its own, except for publishing and for secrets, which are granted for each topic and each secret.',
    '[kubernetes-access.md](kubernetes-access.md) describes what a function may do inside a cluster. The last column names the Terraform',
    'variable that must be set for a permission to be granted.',
    '',
    '`test/shared/access.test.ts` runs every function and compares this table with its calls, in both directions. The contract of each step',
    'checks what contain is granted for that step ([steps.md](steps.md)).',
    '',
    markdownTable(['function', 'on', 'permissions', 'only with'], FUNCTIONS.flatMap(rowsOf)),
    '',
  ];
  return new Map([['docs/permissions.md', text.join('\n')]]);
};
