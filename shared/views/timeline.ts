import { worstFirst } from '../decision/exemplars.ts';
import { type Entry, type EntryState, keyOf, type PlanItem } from '../model/entry.ts';
import type { Finding } from '../model/finding.ts';
import type { Incident } from '../model/incident.ts';
import type { RequestRecord } from '../model/request.ts';
import type { Time } from '../model/time.ts';
import { plain } from '../text.ts';
import { decisionItems } from './decision-items.ts';
import { senderText } from './sender-text.ts';
import { between, clockText, durationText } from './time.ts';

/** What a line of the timeline reports. For an entry of the journal it is the entry's state. */
export type Happening = 'seen' | 'decided' | 'requested' | 'waiting' | EntryState;

/**
 * One thing that happened, in words that are safe to show. Every rendering uses it: the command line, the console and
 * notices lay out the same items.
 */
export type TimelineItem = {
  /** Absent for a step that has not begun. */
  at?: Time;
  /** When a step ended. */
  endedAt?: Time;
  /** ms after the incident's beginning; negative for evidence that is older. */
  offsetMs?: number;
  happening: Happening;
  /** The title: a rule, the verdict with its tier, or a step. */
  title: string;
  /** The subject of a step. */
  subject?: string;
  /** How long a step took, its deadline, or when it was taken back. */
  timing?: string;
  /** Short facts next to the title: a score, a source, a proof. */
  facts: string[];
  /** Why, in sentences. */
  because: string[];
};

/** Whether a step is taken back, or was to be: it ended then, and how long it had taken is not recorded any more. */
export const isTakenBack = (happening: Happening): boolean => happening === 'undone' || happening === 'not-undoable';

/** The moment from which offsets are counted: the first finding, else the opening of the incident. */
export const beginningOf = (incident: Incident): Time => incident.summary.firstAt ?? incident.openedAt;

const findingItem = (f: Finding): TimelineItem => ({
  at: f.at,
  happening: 'seen',
  title: f.rule,
  facts: [
    `${f.severity} ${f.confidence.toFixed(2)}`,
    `${f.family}${f.conclusive === true ? ', conclusive' : ''}`,
    f.source,
  ],
  because: f.because.map((line) => plain(line)),
});

const ANSWERS = { seen: ['not answered yet'], accepted: [], refused: ['refused'] } as const;

/** A request with its answer. */
const requestItem = ({ request, firstSeenAt, state, outcome, operator }: RequestRecord): TimelineItem => ({
  at: firstSeenAt,
  happening: 'requested',
  title: plain([request?.action ?? 'unreadable', ...(request?.tier === undefined ? [] : [request.tier])].join(' ')),
  facts: [
    `by ${plain(senderText({ request, operator }))}`,
    ...(request?.stopFirst === true ? ['stop first'] : []),
    ...ANSWERS[state],
  ],
  because: [...(request === null ? [] : [request.reason]), ...(outcome === undefined ? [] : [outcome])].map((line) =>
    plain(line),
  ),
});

/** What operators asked for: by the requests where they were read, else the goal, which the newest one set. */
const askedItems = (incident: Incident, requests: readonly RequestRecord[]): TimelineItem[] =>
  requests.length === 0 ? goalItems(incident) : requests.map(requestItem);

const goalItems = ({ goal }: Incident): TimelineItem[] =>
  goal?.requested !== true
    ? []
    : [
        {
          at: goal.at,
          happening: 'requested',
          title: goal.tier === 'released' ? 'release' : goal.tier === 'closed' ? 'close' : goal.tier,
          facts: [`by ${plain(goal.by)}`, ...(goal.stopFirst === true ? ['stop first'] : [])],
          because: [],
        },
      ];

/** Unless a step that is held says the same. */
const heldItems = ({ held, journal }: Incident): TimelineItem[] =>
  held === undefined || journal.some((e) => e.state === 'held' && e.because === held.because)
    ? []
    : [{ at: held.at, happening: 'held', title: 'the run', facts: [], because: [plain(held.because)] }];

/** How long an entry took; for one that was taken back later, the time of that. */
const timingOf = (e: Entry): string | undefined => {
  if (e.endedAt === undefined) return e.deadline === undefined ? undefined : `until ${clockText(e.deadline)}`;
  return isTakenBack(e.state) ? `at ${clockText(e.endedAt)}` : durationText(between(e.startedAt, e.endedAt));
};

const entryItem = (e: Entry): TimelineItem => {
  const timing = timingOf(e);
  return {
    at: e.startedAt,
    ...(e.endedAt === undefined ? {} : { endedAt: e.endedAt }),
    happening: e.state,
    title: e.step,
    subject: plain(e.subject),
    ...(timing === undefined ? {} : { timing }),
    facts: e.proof === null ? [] : [e.proof],
    because: e.because === undefined ? [] : [plain(e.because)],
  };
};

/** The planned steps that are still to be begun, in their order: none under a release or a close, which begin no more. */
export const waitingOf = ({ plan, journal, goal }: Incident): PlanItem[] => {
  if (goal?.tier === 'released' || goal?.tier === 'closed') return [];
  const begun = new Set(journal.map(keyOf));
  return plan.filter((item) => !begun.has(keyOf(item)));
};

const waitingItem = (item: PlanItem): TimelineItem => ({
  happening: 'waiting',
  title: item.step,
  subject: plain(item.subject),
  facts: [],
  because: [],
});

/** Characters from which a reason is too long to be read again for each step that gives it. */
const LONG = 60;

const saidOnce = (items: readonly TimelineItem[]): TimelineItem[] => {
  const first = new Map<string, { title: string; subject: string }>();
  return items.map((item) => {
    const { happening, title, subject } = item;
    if (subject === undefined) return item;
    const because = item.because.map((text) => {
      const before = first.get(`${happening} ${text}`);
      first.set(`${happening} ${text}`, before ?? { title, subject });
      if (before === undefined || text.length < LONG) return text;
      const same = happening === 'applied' ? 'the same' : 'for the same reason';
      return `${same} as ${before.title === title ? `on ${before.subject}` : before.title}`;
    });
    return { ...item, because };
  });
};

/**
 * Findings of the same event, each without the sentences that one before it has: the command, and where it came from.
 * The first sentence is the finding itself, and stays.
 */
const seenOnce = (items: readonly TimelineItem[]): TimelineItem[] => {
  const said = new Set<string>();
  return items.map((item) => {
    if (item.happening !== 'seen') return item;
    const because = item.because.filter((text, n) => {
      const key = `${item.at} ${text}`;
      const isNew = !said.has(key);
      said.add(key);
      return isNew || n === 0;
    });
    return { ...item, because };
  });
};

/**
 * Everything in an incident, in the order it happened. Planned steps that have not begun come last. Items of the same
 * millisecond keep the order of cause: seen, requested, decided, done. Of findings of the same millisecond the worst is
 * first. A long reason that several steps give stands with the first of them, and so does what findings of one event
 * share. `requests`: those about the incident, where they were read; without them only the newest is known, by its
 * goal.
 */
export const timelineOf = (incident: Incident, requests: readonly RequestRecord[] = []): TimelineItem[] => {
  const from = beginningOf(incident);
  const past = [
    ...incident.findings.toSorted(worstFirst).map(findingItem),
    ...askedItems(incident, requests),
    ...decisionItems(incident),
    ...incident.journal.map(entryItem),
    ...heldItems(incident),
  ].toSorted((a, b) => ((a.at ?? '') < (b.at ?? '') ? -1 : (a.at ?? '') > (b.at ?? '') ? 1 : 0));
  return [
    ...seenOnce(saidOnce(past)).map((item) =>
      item.at === undefined ? item : { ...item, offsetMs: between(from, item.at) },
    ),
    ...waitingOf(incident).map(waitingItem),
  ];
};
