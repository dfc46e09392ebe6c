import { commandsFor } from '../decision/commands.ts';
import { isOver } from '../decision/correlate.ts';
import { openAsk } from '../decision/open-ask.ts';
import { subjectsOf } from '../decision/step-subjects.ts';
import { suspectsOf } from '../decision/suspects.ts';
import { Malformed } from '../errors.ts';
import { isPrincipal } from '../kubernetes/names.ts';
import { type Entry, inForce } from '../model/entry.ts';
import { msOf } from '../model/time.ts';
import { shellLine } from '../shell.ts';
import { reachLines } from './ask-reach.ts';
import { askText } from './ask-text.ts';
import { requestLine } from './command-line.ts';
import { credentialsLine } from './report-commands.ts';
import type { ReportFacts } from './report-facts.ts';
import { hardeningOf, type Todo } from './report-hardening.ts';
import { placeOf, printable, vmWords } from './report-names.ts';
import { type ReportStep, reportStep } from './report-steps.ts';
import { takeBackTodos } from './report-take-back.ts';
import { snapshotsOf, snapshotsOfDisk, sshLineOf } from './report-vm-commands.ts';
import { staysValidOf } from './stays-valid.ts';
import { clockText, dayText } from './time.ts';

export type Remains = Array<{ title: string; todos: Todo[] }>;

const todo = (text: string, ...commands: string[]): Todo => ({ text, commands });

/** Drops to-dos whose commands cannot be made: the step they belong to says so already. */
const ifNamed = (make: () => Todo[]): Todo[] => {
  try {
    return make();
  } catch (thrown) {
    if (thrown instanceof Malformed) return [];
    throw thrown;
  }
};

const decisions = ({ incident, madeAt }: ReportFacts): Todo[] => {
  const { id, held, target } = incident;
  const asked = openAsk(incident, msOf(madeAt));
  return [
    ...(asked !== undefined
      ? [
          todo(
            [
              `${askText(asked)} Answer by ${dayText(asked.until)} ${clockText(asked.until)} UTC; unanswered, it lapses.`,
              ...reachLines(incident, asked),
            ].join(' '),
            requestLine(target, 'approve', id, '--plan', asked.plan),
            requestLine(target, 'reject', id, '--plan', asked.plan),
          ),
        ]
      : []),
    ...(held === undefined ? [] : [todo(`Held back: ${held.because}`)]),
  ];
};

const OPEN: Readonly<Partial<Record<Entry['state'], string>>> = {
  failed: 'failed',
  refused: 'was refused',
  held: 'is held',
  'not-undoable': 'could not be taken back',
  pending: 'is not over yet',
};

const open = ({ incident }: ReportFacts): Todo[] =>
  incident.journal.flatMap((e) => {
    const how = OPEN[e.state] ?? (e.state === 'applied' && e.proof !== 'proven' ? 'is not proven' : undefined);
    return how === undefined
      ? []
      : [todo(`${e.step} on ${e.subject} ${how}${e.because === undefined ? '' : `: ${e.because}`}`)];
  });

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

const forensics = (facts: ReportFacts): Todo[] => {
  const { incident, evidenceAt } = facts;
  const access = stepsOf(facts, 'open-investigation-access').filter(({ entry }) => entry.state === 'applied');
  const cut = stepsOf(facts, 'deny-node-network').filter(({ entry }) => entry.state === 'applied');
  return [
    ...stepsOf(facts, 'start-snapshots').flatMap((step) => ifNamed(() => copies(step))),
    ...access.flatMap((step) =>
      ifNamed(() => [
        todo(
          `Look around on the node: its access is open${step.entry.until === undefined ? '' : ` until ${clockText(step.entry.until)} UTC`}.`,
          sshLineOf(step),
        ),
      ]),
    ),
    ...(access.length === 0 && cut.length > 0
      ? [
          todo(
            'To look around on the cut node, ask for an access that closes by itself.',
            ...(isOver(incident)
              ? []
              : [requestLine(incident.target, 'contain', incident.id, '--tier', 'isolate', '--investigate')]),
          ),
        ]
      : []),
    ...(facts.manifests.length === 0
      ? []
      : [
          todo(
            `Fetch what was captured${evidenceAt === undefined ? '' : ` from ${evidenceAt}`}, and compare each file with its hash in the manifest.`,
          ),
        ]),
    ...(incident.summary.principals.length === 0
      ? []
      : [
          todo(
            `Check what else ${incident.summary.principals.length === 1 ? 'this identity' : 'these identities'} did.`,
            ...incident.summary.principals
              .filter(isPrincipal)
              .slice(0, 5)
              .flatMap((principal) => commandsFor({ project: incident.target.project, principal }).slice(0, 1)),
          ),
        ]),
  ];
};

const revocations = ({ incident, valid }: ReportFacts): Todo[] => {
  if (incident.state === 'released') return [];
  // The journal contains the revocations too, for readers who may not read the evidence.
  const known = [...valid.flatMap((one) => ('exhibit' in one ? one.exhibit.revoke : [])), ...staysValidOf(incident)];
  const once = new Map(known.map(({ ends, command }) => [command, ends]));
  const unread = valid.flatMap((one) => ('unread' in one ? [todo(`${one.pod}: ${one.unread}`)] : []));
  return [...[...once].map(([command, ends]) => todo(`To end ${ends}:`, command)), ...unread];
};

const ending = ({ incident }: ReportFacts): Todo[] => {
  const { id, state, journal, target } = incident;
  if (state === 'released' || state === 'closed') return [];
  const holds = journal.filter(inForce).length;
  const extra = journal.some((e) => e.step === 'leave-group' && e.state === 'applied');
  const nodes = subjectsOf({ ...incident, subjects: suspectsOf(incident) }, 'node').length;
  return [
    ...(holds === 0
      ? []
      : [todo('Take back what is in force, if it was a false alarm.', requestLine(target, 'release', id))]),
    todo(`End the incident${holds === 0 ? '' : ' and leave what is in force'}.`, requestLine(target, 'close', id)),
    ...(extra
      ? [
          todo(
            `The node that left its group runs on, and costs: delete the host once nobody needs it as evidence.${nodes > 1 ? ` This deletes the hosts of all ${nodes} nodes that the incident holds.` : ''}`,
            requestLine(target, 'contain', id, '--tier', 'delete-host'),
          ),
        ]
      : []),
  ];
};

/** The commands below name the cluster's context, so that none of them reaches another cluster; this makes it. */
const access = ({ incident }: ReportFacts, below: readonly Todo[]): Todo[] => {
  const line = credentialsLine(incident);
  const isNeeded = below.some(({ commands }) => commands.some((command) => command.startsWith('kubectl --context=')));
  return line === undefined || !isNeeded
    ? []
    : [todo('Give kubectl the context that the commands below name, once on each machine.', line)];
};

/** What people still have to do, in the order in which they would do it. Empty parts are left out. */
export const remainsOf = (facts: ReportFacts): Remains => {
  const [revoke, harden, back] = [revocations(facts), hardeningOf(facts.incident), takeBackTodos(facts)];
  return [
    { title: 'Decide', todos: decisions(facts) },
    { title: 'Look at', todos: open(facts) },
    { title: 'Reach the cluster', todos: access(facts, [...revoke, ...harden, ...back]) },
    { title: 'Revoke', todos: revoke },
    { title: 'Investigate', todos: forensics(facts) },
    { title: 'Harden', todos: harden },
    { title: 'Take back', todos: back },
    { title: 'End', todos: ending(facts) },
  ].filter(({ todos }) => todos.length > 0);
};
