/** What people type who know kubectl, gcloud or git, and the command that does it here. */
const MEANT: Readonly<Record<string, string>> = {
  get: 'firebreak incidents',
  list: 'firebreak incidents',
  ls: 'firebreak incidents',
  show: 'firebreak incidents INCIDENT',
  describe: 'firebreak incidents INCIDENT',
  status: 'firebreak doctor',
  check: 'firebreak doctor',
  validate: 'firebreak policy check',
  undo: 'firebreak release INCIDENT',
  rollback: 'firebreak release INCIDENT',
  revert: 'firebreak release INCIDENT',
  uncordon: 'firebreak release INCIDENT',
  delete: 'firebreak contain TARGET --tier delete-workload',
  stop: 'firebreak halt',
  pause: 'firebreak halt',
  unhalt: 'firebreak resume',
  start: 'firebreak local',
  run: 'firebreak demo',
  yes: 'firebreak approve INCIDENT',
  no: 'firebreak reject INCIDENT',
  deny: 'firebreak reject INCIDENT',
  notices: 'firebreak incidents INCIDENT',
  logs: 'firebreak incidents INCIDENT',
  version: 'firebreak --version',
  ...Object.fromEntries(
    ['observe', 'snapshot', 'quarantine', 'isolate', 'redeploy', 'delete-workload', 'delete-host'].map((tier) => [
      tier,
      `firebreak contain TARGET --tier ${tier}`,
    ]),
  ),
};

const PLACE = '--project, --location and --cluster say where';

/** The same for flags; `has`: the command has this flag. */
const flagHint = (flag: string, has: (flag: string) => boolean): string | undefined => {
  switch (flag) {
    case '-o':
    case '--output':
    case '--format':
      return has('--json') ? 'for JSON, add --json' : undefined;
    case '--json':
      if (has('--format')) return 'for its documents, use firebreak incidents INCIDENT --json';
      return has('--rules') ? 'what it prints is JSON already, one document a line' : undefined;
    case '--context':
    case '--kubeconfig':
      return has('--cluster') ? PLACE : undefined;
    case '--zone':
    case '--region':
      return has('--location') ? 'for a region or a zone, add --location' : undefined;
    case '--dry-run':
      if (has('--tier'))
        return 'to try it without touching a cluster, use `firebreak local`, or set mode: dry-run in the policy';
      return has('--reason') ? 'to see first what it is about, use firebreak incidents INCIDENT' : undefined;
    case '-A':
    case '--all-namespaces':
      return has('--namespace') ? 'all namespaces are listed where none is named' : undefined;
    case '-V':
      return 'for the version, use firebreak --version';
    case '-y':
    case '--yes':
    case '-q':
    case '--quiet':
    case '--force':
      return 'nothing asks back here, so leave it out';
    case '--tier':
    case '--stop-first':
    case '--investigate':
    case '--forensics':
    case '--sandbox':
    case '--drain':
      return has('--reason') ? 'it belongs to contain' : undefined;
    case '--plan':
      return has('--reason') ? 'it belongs to approve and reject' : undefined;
    default:
      return undefined;
  }
};

/** What whoever typed a command line that is not understood probably meant; undefined where nobody can say. */
export const hintFor = (said: string, has: (flag: string) => boolean): string | undefined => {
  const command = /^unknown command '([^']*)'/.exec(said)?.[1];
  if (command !== undefined) {
    const meant = Object.hasOwn(MEANT, command) ? MEANT[command] : undefined;
    return meant === undefined ? undefined : `did you mean ${meant}?`;
  }
  const flag = /^unknown option '([^'=]*)/.exec(said)?.[1];
  if (flag !== undefined) return flagHint(flag, has);
  const words = /^too many arguments for 'contain'.*got 2: ([a-zA-Z]+), ([a-z0-9.-]+)$/.exec(said);
  return words === null ? undefined : `did you mean ${words[1]}/${words[2]}?`;
};
