import { commandsFor } from '../decision/commands.ts';
import { isOver } from '../decision/correlate.ts';
import { Malformed } from '../errors.ts';
import { isPrincipal } from '../kubernetes/names.ts';
import type { Entry } from '../model/entry.ts';
import { shellLine } from '../shell.ts';
import { requestLine } from './command-line.ts';
import { deletedHosts } from './deleted-hosts.ts';
import type { ReportFacts } from './report-facts.ts';
import { placeOf, printable, vmWords } from './report-names.ts';
import { type ReportStep, reportStep } from './report-steps.ts';
import { type Todo, todo } from './report-todo.ts';
import { snapshotsOf, snapshotsOfDisk, sshLineOf } from './report-vm-commands.ts';
import { clockText } from './time.ts';

/** Drops to-dos whose commands cannot be made: the step they belong to says so already. */
const ifNamed = (make: () => Todo[]): Todo[] => {
  try {
    return make();
  } catch (thrown) {
    if (thrown instanceof Malformed) return [];
    throw thrown;
  }
};

const stepsOf = ({ incident, hosts }: ReportFacts, id: Entry['step']): ReportStep[] =>
  incident.journal
    .filter((e) => e.step === id && (e.state === 'applied' || e.state === 'undone'))
    .map((e) => reportStep(e, incident, hosts));

const copies = (step: ReportStep): Todo[] => {
  const [zone, project] = vmWords(step.host()).at;
  const where = 'on a VM of its own, never on the one that was attacked';
  return snapshotsOf(step).map(({ snapshot, url, id }) =>
    step.entry.because?.includes(snapshot) === true
      ? todo(
          `Look into the disk ${where}: it is in snapshot ${snapshot}.`,
          shellLine(
            'gcloud',
            'compute',
            'disks',
            'create',
            `evidence-${snapshot}`,
            `--source-snapshot=${printable(snapshot)}`,
            zone,
            project,
          ),
        )
      : todo(
          `Look into disk ${placeOf(url).name} ${where}: make a copy of it from one of its snapshots.`,
          snapshotsOfDisk({ url, id }),
        ),
  );
};

/** The accesses that are open to nodes; where there is none to a cut node, how to ask for one. */
const lookAround = (facts: ReportFacts): Todo[] => {
  const { incident } = facts;
  const deleted = deletedHosts(incident);
  const inForce = (id: Entry['step']): ReportStep[] =>
    stepsOf(facts, id).filter(({ entry }) => entry.state === 'applied' && !deleted.has(entry.uid));
  const access = inForce('open-investigation-access');
  if (access.length > 0)
    return access.flatMap((step) =>
      ifNamed(() => {
        const until = step.entry.until === undefined ? '' : ` until ${clockText(step.entry.until)} UTC`;
        return [todo(`Look around on the node: its access is open${until}.`, sshLineOf(step))];
      }),
    );
  const cut = inForce('deny-node-network');
  if (cut.length === 0) return [];
  const { id, target } = incident;
  const { cluster = '', location = '' } = target;
  // An incident that is over takes no request: the node does.
  const whom = isOver(incident)
    ? cut.map(({ entry }) => [`node/${entry.subject}`, '--cluster', cluster, '--location', location])
    : [[id]];
  const lines = whom.map((words) => requestLine(target, 'contain', ...words, '--tier', 'isolate', '--investigate'));
  return [todo('To look around on the cut node, ask for an access that closes by itself.', ...lines)];
};

const fetchCaptured = ({ manifests, evidenceAt }: ReportFacts): Todo[] => {
  if (manifests.length === 0) return [];
  const from = evidenceAt === undefined ? '' : ` from ${evidenceAt}`;
  return [todo(`Fetch what was captured${from}, and compare each file with its hash in the manifest.`)];
};

const checkIdentities = ({ incident: { summary, target } }: ReportFacts): Todo[] => {
  const { principals } = summary;
  if (principals.length === 0) return [];
  const commands = principals
    .filter(isPrincipal)
    .slice(0, 5)
    .flatMap((principal) => commandsFor({ project: target.project, principal }).slice(0, 1));
  return [todo(`Check what else ${principals.length === 1 ? 'this identity' : 'these identities'} did.`, ...commands)];
};

/** What is left to look into: disks, nodes, what was captured, and what else the identities did. */
export const forensicTodos = (facts: ReportFacts): Todo[] => [
  ...stepsOf(facts, 'start-snapshots').flatMap((step) => ifNamed(() => copies(step))),
  ...lookAround(facts),
  ...fetchCaptured(facts),
  ...checkIdentities(facts),
];
