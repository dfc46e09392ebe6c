import type { Incident } from '../model/incident.ts';
import type { IncidentState } from '../model/notice.ts';
import { plain } from '../text.ts';
import type { Palette } from './palette.ts';
import { placeText, targetText } from './target.ts';
import { ageText, between, clockText, dayText, durationText, offsetText } from './time.ts';
import { beginningOf, type Happening, progressOf, type TimelineItem, timelineOf } from './timeline.ts';
import { wrap } from './wrap.ts';

type Ink = keyof Palette;

const MARKS: Readonly<Record<Happening, readonly [symbol: string, word: string, ink: Ink]>> = {
  seen: ['▲', 'seen', 'yellow'],
  decided: ['◆', 'decided', 'cyan'],
  requested: ['▶', 'requested', 'cyan'],
  waiting: ['·', 'to do', 'dim'],
  applying: ['◐', 'doing', 'cyan'],
  pending: ['◌', 'pending', 'cyan'],
  applied: ['✔', 'done', 'green'],
  skipped: ['–', 'skipped', 'dim'],
  refused: ['⊘', 'refused', 'yellow'],
  failed: ['✖', 'failed', 'red'],
  held: ['‖', 'held', 'yellow'],
  'dry-run': ['~', 'dry run', 'dim'],
  undone: ['↺', 'undone', 'green'],
  'not-undoable': ['!', 'not undone', 'red'],
};

const STATE_INK: Readonly<Record<IncidentState, Ink>> = {
  open: 'yellow',
  asking: 'yellow',
  containing: 'cyan',
  contained: 'green',
  failed: 'red',
  released: 'dim',
  closed: 'dim',
};

/** The widest mark, `! not undone`, and a space. */
const MARK = 13;

export type TextOptions = { palette: Palette; columns: number; now: number };

/** How urgent an incident is, in colour: red from high on. */
export const severityText = (severity: Incident['severity'], palette: Palette): string => {
  if (severity === null) return palette.cyan('REQUESTED');
  const word = severity.toUpperCase();
  return palette.bold(
    severity === 'critical' || severity === 'high'
      ? palette.red(word)
      : severity === 'medium'
        ? palette.yellow(word)
        : word,
  );
};

/** The state of an incident in its colour. */
export const stateText = (state: IncidentState, palette: Palette): string => palette[STATE_INK[state]](state);

const header = (incident: Incident, { palette, now }: TextOptions): string[] => {
  const score = incident.confidence === null ? '' : ` ${incident.confidence.toFixed(2)}`;
  const tier = incident.decision === null ? '' : ` · ${incident.decision.tier}`;
  const age = ageText(now - Date.parse(incident.openedAt));
  return [
    `${severityText(incident.severity, palette)}${score}  ${palette.bold(targetText(incident.target))}  ${stateText(incident.state, palette)}${tier}`,
    palette.dim(
      `incident ${incident.id} · ${placeText(incident.target)} · ${dayText(incident.openedAt)} ${clockText(incident.openedAt)} UTC${age === 'now' ? '' : `, ${age} ago`}`,
    ),
  ];
};

/** Widths of the columns that this incident's items need. */
type Widths = { title: number; subject: number; timing: number };

const widest = (texts: ReadonlyArray<string | undefined>): number =>
  texts.reduce((most, text) => Math.max(most, text?.length ?? 0), 0);

const widthsOf = (items: readonly TimelineItem[]): Widths => ({
  title: widest(items.map((i) => i.title)),
  subject: widest(items.map((i) => i.subject)),
  timing: widest(items.map((i) => i.timing)),
});

const itemLines = (item: TimelineItem, widths: Widths, { palette, columns }: TextOptions): string[] => {
  const [symbol, word, ink] = MARKS[item.happening];
  const clock = item.at === undefined ? '' : clockText(item.at);
  const offset = item.offsetMs === undefined ? '' : offsetText(item.offsetMs);
  const left = `  ${clock.padEnd(8)}  ${offset.padStart(8)}  `;
  const mark = `${symbol} ${word}`.padEnd(MARK);
  const room = columns - left.length - MARK;
  const indent = ' '.repeat(left.length + MARK);
  const aside = [
    ...(item.subject === undefined
      ? []
      : [item.subject.padEnd(widths.subject), (item.timing ?? '').padStart(widths.timing)]),
    ...item.facts,
  ].join('  ');
  const oneLine = widths.title + 2 + aside.trimEnd().length <= room;
  const title = palette.bold(oneLine && aside !== '' ? item.title.padEnd(widths.title) : item.title);
  const head = `${palette.dim(left)}${palette[ink](mark)}${title}`;
  return [
    oneLine && aside !== '' ? `${head}  ${palette.dim(aside.trimEnd())}` : head,
    ...(oneLine ? [] : wrap(aside, room).map((line) => `${indent}${palette.dim(line)}`)),
    ...item.because.flatMap((line) => wrap(line, room)).map((line) => `${indent}${line}`),
  ];
};

const progressLine = (incident: Incident, { palette }: TextOptions): string[] => {
  const { done, proven, trouble, left, undone } = progressOf(incident);
  const parts = [
    ...(done === 0 ? [] : [`${done} done (${proven} proven)`]),
    ...(undone === 0 ? [] : [`${undone} undone`]),
    ...(trouble === 0 ? [] : [palette.yellow(`${trouble} failed, refused or held`)]),
    ...(left === 0 ? [] : [`${left} to do`]),
  ];
  const last = incident.journal
    .flatMap((e) => e.endedAt ?? [])
    .toSorted()
    .at(-1);
  const took =
    last === undefined ? '' : `, ${durationText(between(beginningOf(incident), last))} after it was first seen`;
  return parts.length === 0 ? [] : [`  ${parts.join(' · ')}${left === 0 ? took : ''}`];
};

const nextLines = (incident: Incident, { palette, now }: TextOptions): string[] => {
  const asked = incident.decision?.asked;
  const id = incident.id;
  if (asked !== undefined && incident.state !== 'closed' && Date.parse(asked.until) > now) {
    return [
      palette.yellow(
        `  ? May it ${asked.tier}? Asked until ${clockText(asked.until)} UTC, ${ageText(Date.parse(asked.until) - now)} from now:`,
      ),
      `      firebreak approve ${id} --plan ${plain(asked.plan)} --reason "..."`,
      `      firebreak reject ${id} --reason "..."`,
    ];
  }
  return incident.state === 'contained' || incident.state === 'failed'
    ? [palette.dim(`  To take it back: firebreak release ${id} --reason "..."`)]
    : [];
};

/** One incident with its timeline as text for a fixed-width font, ending in what may be done next. No line end. */
export const incidentText = (incident: Incident, options: TextOptions): string => {
  const items = timelineOf(incident);
  const widths = widthsOf(items);
  return [
    ...header(incident, options),
    '',
    ...items.flatMap((item) => itemLines(item, widths, options)),
    '',
    ...progressLine(incident, options),
    ...nextLines(incident, options),
  ]
    .join('\n')
    .trimEnd();
};
