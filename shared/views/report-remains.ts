import { isOver } from '../decision/correlate.ts';
import { openAsk } from '../decision/open-ask.ts';
import { heldBecause, standing } from '../decision/state.ts';
import { subjectsOf } from '../decision/step-subjects.ts';
import { suspectsOf } from '../decision/suspects.ts';
import type { Entry } from '../model/entry.ts';
import { msOf } from '../model/time.ts';
import { alike, stepsText } from './alike.ts';
import { reachLines } from './ask-reach.ts';
import { askText } from './ask-text.ts';
import { requestLine } from './command-line.ts';
import { deletedHosts } from './deleted-hosts.ts';
import { heldOn } from './held-text.ts';
import { credentialsLine } from './report-commands.ts';
import type { ReportFacts } from './report-facts.ts';
import { forensicTodos } from './report-forensics.ts';
import { hardeningOf } from './report-hardening.ts';
import { takeBackTodos } from './report-take-back.ts';
import { type Todo, todo } from './report-todo.ts';
import { staysValidOf } from './stays-valid.ts';
import { momentText } from './time.ts';

type Remains = Array<{ title: string; todos: Todo[] }>;

const decisions = ({ incident, madeAt }: ReportFacts): Todo[] => {
  const { id, held, target } = incident;
  const asked = openAsk(incident, msOf(madeAt));
  const on = heldOn(incident, msOf(madeAt));
  return [
    ...(asked !== undefined
      ? [
          todo(
            [
              `${askText(asked)} Answer by ${momentText(asked.until)}; unanswered, it lapses.`,
              ...reachLines(incident, asked),
            ].join(' '),
            requestLine(target, 'approve', id, '--plan', asked.plan),
            requestLine(target, 'reject', id, '--plan', asked.plan),
          ),
        ]
      : []),
    ...(held === undefined
      ? []
      : [
          todo(
            `Held back: ${heldBecause(incident)}${on === undefined ? '' : `. ${on.text}.`}`,
            ...(on === undefined ? [] : [on.command]),
          ),
        ]),
  ];
};

const OPEN: Readonly<Partial<Record<Entry['state'], string>>> = {
  failed: 'failed',
  refused: 'was refused',
  held: 'is held',
  'not-undoable': 'could not be taken back',
  pending: 'is not over yet',
};

const howOf = (e: Entry): string | undefined =>
  OPEN[e.state] ?? (e.state === 'applied' && e.proof !== 'proven' ? 'is not proven' : undefined);

const ofMany = (how: string): string => how.replace(/^is /, 'are ').replace(/^was /, 'were ');

const open = ({ incident }: ReportFacts): Todo[] =>
  alike(incident.journal.filter((e) => howOf(e) !== undefined)).flatMap((entries) => {
    const [e] = entries;
    const how = e === undefined ? undefined : howOf(e);
    if (e === undefined || how === undefined) return [];
    const why = e.because === undefined ? '' : `: ${e.because}`;
    return [todo(`${stepsText(entries)} on ${e.subject} ${entries.length === 1 ? how : ofMany(how)}${why}`)];
  });

const revocations = ({ incident, valid }: ReportFacts): Todo[] => {
  if (incident.state === 'released') return [];
  // The journal contains the revocations too, for readers who may not read the evidence.
  const known = [...valid.flatMap((one) => ('exhibit' in one ? one.exhibit.revoke : [])), ...staysValidOf(incident)];
  const once = new Map(known.map(({ ends, command }) => [command, ends]));
  const unread = valid.flatMap((one) => ('unread' in one ? [todo(`${one.pod}: ${one.unread}`)] : []));
  return [...[...once].map(([command, ends]) => todo(`To end ${ends}:`, command)), ...unread];
};

const ending = ({ incident }: ReportFacts): Todo[] => {
  const { id, target } = incident;
  if (isOver(incident)) return [];
  const holds = standing(incident).length;
  return [
    ...(holds === 0
      ? []
      : [todo('Take back what is in force, if it was a false alarm.', requestLine(target, 'release', id))]),
    todo(`End the incident${holds > 0 ? ' and leave what is in force' : ''}.`, requestLine(target, 'close', id)),
  ];
};

/** What deletes the host of a node that left its group. An incident that is over takes no request: the node does. */
const surplus = ({ incident }: ReportFacts): Todo[] => {
  const { id, target } = incident;
  const deleted = deletedHosts(incident);
  const left = incident.journal.filter(
    (e) => e.step === 'leave-group' && ['applied', 'not-undoable'].includes(e.state) && !deleted.has(e.uid),
  );
  const [first] = left;
  if (first === undefined) return [];
  const costs = 'that left its group runs on, and costs: delete the host once nobody needs it as evidence.';
  if (!isOver(incident)) {
    const nodes = subjectsOf({ ...incident, subjects: suspectsOf(incident) }, 'node').length;
    const all = nodes > 1 ? ` This deletes the hosts of all ${nodes} nodes that the incident holds.` : '';
    return [todo(`The node ${costs}${all}`, requestLine(target, 'contain', id, '--tier', 'delete-host'))];
  }
  const { cluster, location } = target;
  if (cluster === undefined || location === undefined) return [];
  const place = ['--cluster', cluster, '--location', location];
  return left.map(({ subject }) =>
    todo(
      `Node ${subject} ${costs}`,
      requestLine(target, 'contain', `node/${subject}`, ...place, '--tier', 'delete-host'),
    ),
  );
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
    { title: 'Investigate', todos: forensicTodos(facts) },
    { title: 'Harden', todos: harden },
    { title: 'Take back', todos: back },
    { title: 'Clean up', todos: surplus(facts) },
    { title: 'End', todos: ending(facts) },
  ].filter(({ todos }) => todos.length > 0);
};
