import { openAsk } from '../decision/open-ask.ts';
import { standing } from '../decision/state.ts';
import type { Incident } from '../model/incident.ts';
import { reachLines } from './ask-reach.ts';
import { askText } from './ask-text.ts';
import { reportLine, requestLine } from './command-line.ts';
import { filled } from './filled.ts';
import { heldOn } from './held-text.ts';
import { incidentHeader } from './incident-header.ts';
import { MARKS } from './marks.ts';
import { progressOf } from './progress.ts';
import { staysValidOf } from './stays-valid.ts';
import { takeBackText } from './take-back-text.ts';
import type { TextOptions } from './text-options.ts';
import { ageText, clockText, offsetText } from './time.ts';
import { type TimelineItem, timelineOf } from './timeline.ts';
import { wrap } from './wrap.ts';

/** The widths of the columns that an incident's items need. */
type Widths = { offset: number; mark: number; title: number; timing: number; proof: number };

const widest = (texts: ReadonlyArray<string | undefined>): number =>
  texts.reduce((most, text) => Math.max(most, text?.length ?? 0), 0);

const markOf = ({ happening }: TimelineItem): string => MARKS[happening].slice(0, 2).join(' ');
const offsetOf = ({ offsetMs }: TimelineItem): string => (offsetMs === undefined ? '' : offsetText(offsetMs));

const widthsOf = (items: readonly TimelineItem[]): Widths => ({
  offset: widest(items.map(offsetOf)),
  mark: widest(items.map(markOf)),
  title: widest(items.map((i) => i.title)),
  timing: widest(items.map((i) => i.timing)),
  proof: widest(items.map((i) => (i.subject === undefined ? undefined : i.facts.join('  ')))),
});

/**
 * The texts next to the title: for a step its duration, proof and subject, padded to columns; else the facts as they
 * are.
 */
const besides = ({ subject, timing = '', facts }: TimelineItem, widths: Widths): string[] =>
  subject === undefined ? facts : [timing.padStart(widths.timing), facts.join('  ').padEnd(widths.proof), subject];

/** Characters that a sentence needs to be read with ease. */
const LEAST = 45;

/** The lines of a reason. A command that a step gives stays on one line, so that it can be copied. */
const reasonLines = ({ subject }: TimelineItem, text: string, room: number): string[] =>
  subject !== undefined && /^(gcloud|kubectl) /.test(text) ? [text] : wrap(text, room);

/** On one line where they fit, else each from a line of its own. */
const together = (texts: readonly string[], room: number): string[] => {
  const shown = texts.map((text) => text.trim()).filter((text) => text !== '');
  const one = shown.join('  ');
  return one === '' ? [] : one.length <= room ? [one] : shown.flatMap((text) => wrap(text, room));
};

const itemLines = (item: TimelineItem, widths: Widths, { palette, columns }: TextOptions): string[] => {
  const ink = palette[MARKS[item.happening][2]];
  const clock = item.at === undefined ? '' : clockText(item.at);
  const left = `${clock.padEnd(8)}  ${offsetOf(item).padStart(widths.offset)}  `;
  const hang = left.length + widths.mark + 2;
  // Where hardly anything would fit beside the times, sentences stand below them.
  const indent = ' '.repeat(columns - hang < LEAST ? 4 : hang);
  const room = columns - indent.length;
  const title = item.title.padEnd(widths.title);
  const beside: string[] = [];
  const below = besides(item, widths);
  // As many texts as fit stand next to the title; a subject with a long name goes below.
  while (below[0] !== undefined && [title, ...beside, below[0]].join('  ').trimEnd().length <= columns - hang) {
    beside.push(below.shift() ?? '');
  }
  const aside = beside.length === 0 ? '' : `  ${beside.join('  ').trimEnd()}`;
  return [
    `${palette.dim(left)}${ink(markOf(item).padEnd(widths.mark))}  ${palette.bold(title)}${palette.dim(aside)}`.trimEnd(),
    ...together(below, room).map((line) => `${indent}${palette.dim(line)}`),
    ...item.because.flatMap((text) => reasonLines(item, text, room)).map((line) => `${indent}${line}`),
  ];
};

const progressLines = (incident: Incident, { palette, columns }: TextOptions): string[] => {
  const { parts, took } = progressOf(incident);
  const shown = filled(
    parts.map(({ text, trouble }) => (trouble ? palette.yellow(text) : text)),
    ' · ',
    columns,
  );
  const last = shown.at(-1);
  return last === undefined || took === undefined
    ? shown
    : [...shown.slice(0, -1), ...filled([last, took], '; ', columns)];
};

const nextLines = (incident: Incident, options: TextOptions): string[] => {
  const { palette } = options;
  const report = reportLine({ id: incident.id, target: options });
  const isLeft = incident.state === 'closed' && standing(incident).length > 0;
  return [
    ...(incident.state === 'failed' ? [palette.yellow(`To do by hand what failed: ${report}`)] : []),
    ...(isLeft ? [palette.dim(`To take back by hand what it has left in force: ${report}`)] : []),
    ...heldLines(incident, options),
    ...answerLines(incident, options),
  ];
};

/** How to go on where a budget holds the incident back and nobody is asked about it any more. */
const heldLines = (incident: Incident, { palette, columns, now }: TextOptions): string[] => {
  const on = heldOn(incident, now);
  return on === undefined ? [] : [...wrap(`${on.text}:`, columns).map(palette.yellow), `    ${on.command}`];
};

/** The commands that answer what is asked, or else that take back what was done. */
const answerLines = (incident: Incident, options: TextOptions): string[] => {
  const { palette, columns, now } = options;
  const asked = openAsk(incident, now);
  const { id } = incident;
  if (asked !== undefined) {
    return [
      ...wrap(
        `? ${askText(asked)} Answer by ${clockText(asked.until)} UTC, ${ageText(Date.parse(asked.until) - now)} from now:`,
        columns,
      ).map(palette.yellow),
      ...reachLines(incident, asked).flatMap((text) => wrap(text, columns - 2).map((line) => `  ${line}`)),
      `    ${requestLine(options, 'approve', id, '--plan', asked.plan)}`,
      `    ${requestLine(options, 'reject', id, '--plan', asked.plan)}`,
    ];
  }
  if (incident.state !== 'contained' && incident.state !== 'failed') return [];
  const { how, action } = takeBackText(incident);
  return [palette.dim(`${how}: ${requestLine(options, action, id)}`)];
};

const validLines = (incident: Incident, { palette, columns }: TextOptions): string[] => {
  const valid = staysValidOf(incident);
  return valid.length === 0
    ? []
    : [
        '',
        'What stays valid, and the command that ends it:',
        ...valid.flatMap(({ ends, command }) => [
          ...wrap(`To end ${ends}:`, columns - 2).map((line) => `  ${line}`),
          `    ${palette.dim(command)}`,
        ]),
        '',
      ];
};

/** One incident with its timeline as text for a fixed-width font, with the commands that may come next. No line end. */
export const incidentText = (incident: Incident, options: TextOptions): string => {
  const items = timelineOf(incident, options.requests);
  const widths = widthsOf(items);
  return [
    ...incidentHeader(incident, options),
    '',
    ...items.flatMap((item) => itemLines(item, widths, options)),
    '',
    ...progressLines(incident, options),
    ...validLines(incident, options),
    ...(options.next === false ? [] : nextLines(incident, options)),
  ]
    .join('\n')
    .trimEnd();
};
