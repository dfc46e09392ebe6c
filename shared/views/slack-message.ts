import type { Notice } from '../model/notice.ts';
import { plain } from '../text.ts';
import { askText } from './ask-text.ts';
import { requestLine } from './command-line.ts';
import { incidentUrl } from './incident-url.ts';
import { isOfHalt, noticeTier, subjectText } from './notice-text.ts';
import { placeText, targetText } from './target.ts';
import { clockText, momentText } from './time.ts';

type PlainText = { type: 'plain_text'; text: string; emoji: false };
type Mrkdwn = { type: 'mrkdwn'; text: string; verbatim: true };
type SlackBlock =
  | { type: 'header'; text: PlainText }
  | { type: 'section'; text: PlainText | Mrkdwn }
  | { type: 'section'; fields: Mrkdwn[] }
  | { type: 'context'; elements: Mrkdwn[] };

/** A message for Slack. `text` is shown in notifications. Both are safe whatever the notice contains. */
export type SlackMessage = { text: string; blocks: SlackBlock[] };

const MAX_HEADER = 150;
const MAX_SECTION = 3000;
const MAX_FIELD = 2000;
const MAX_FALLBACK = 300;
/**
 * Limits: characters of the lines seen that a board shows, lines of a reply, and characters of a line and a command.
 */
const MAX_SEEN = 1500;
const MAX_LINES = 40;
const MAX_LINE = 280;
const MAX_COMMAND = 1000;

/** A line of a notice, shortened. Not a command: a part of one would do something else, or nothing. */
const lineText = (line: string): string => plain(line, line.startsWith('$ ') ? MAX_COMMAND : MAX_LINE);

/** Foreign text within Slack's markup, escaped so that it cannot become a mention, a link or a channel. */
export const slackEscaped = (text: string, max = 1000): string => {
  const escaped = plain(text, max).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  if (escaped.length <= max) return escaped;
  // An entity is never cut in half.
  return `${escaped.slice(0, max - 1).replace(/&[a-z]*$/, '')}…`;
};

// Foreign sentences go into plain text blocks, where nothing is markup.
const literal = (text: string): PlainText => ({ type: 'plain_text', text, emoji: false });
const markup = (text: string): Mrkdwn => ({ type: 'mrkdwn', text, verbatim: true });

/** Lines in as few sections as hold them, with a note of how many were left out. */
const sections = (lines: readonly string[]): SlackBlock[] => {
  const shown = lines.slice(0, MAX_LINES).map(lineText);
  const all = shown.length < lines.length ? [...shown, `… and ${lines.length - shown.length} more lines`] : shown;
  const texts: string[] = [];
  for (const line of all) {
    const last = texts.at(-1);
    if (last === undefined || last.length + 1 + line.length > MAX_SECTION) texts.push(line);
    else texts[texts.length - 1] = `${last}\n${line}`;
  }
  return texts.filter((text) => text !== '').map((text) => ({ type: 'section', text: literal(text) }));
};

const field = (name: string, value: string): Mrkdwn => markup(`*${name}*\n${slackEscaped(value, MAX_FIELD - 50)}`);

const askBlocks = ({ ask, incident, target }: Notice, url: string | undefined): SlackBlock[] => {
  const link =
    url === undefined
      ? []
      : [`<${url}|${ask === undefined ? 'Open in the console' : 'Approve or reject in the console'}>`];
  const question =
    ask === undefined
      ? []
      : [
          `*${slackEscaped(askText(ask))}* Answer by ${clockText(ask.until)} UTC; unanswered, it lapses.`,
          ...link,
          ...['approve', 'reject'].map(
            (answer) => `\`${slackEscaped(requestLine(target, answer, incident, '--plan', ask.plan))}\``,
          ),
        ];
  const text = (ask === undefined ? link : question).join('\n');
  return text === '' ? [] : [{ type: 'section', text: markup(text) }];
};

const footer = ({ incident, seq, at }: Notice, note = ''): SlackBlock => ({
  type: 'context',
  elements: [markup(slackEscaped(`${incident} · notice ${seq} · ${momentText(at)}${note}`))],
});

const headlineOf = (notice: Notice): string => {
  const { severity, target, dryRun, state } = notice;
  if (isOfHalt(notice)) return `${targetText(target)}: ${state === 'closed' ? 'resumed' : 'everything is halted'}`;
  return `${severity === null ? '' : `${severity.toUpperCase()}: `}${targetText(target)}${dryRun === true ? ' (dry run)' : ''}`;
};

/** How bad an incident is, and how far it has come. */
const standingOf = (notice: Notice): SlackBlock[] =>
  isOfHalt(notice)
    ? []
    : [
        {
          type: 'section',
          fields: [
            field('State', notice.state),
            field('Tier', noticeTier(notice)),
            field('Severity', notice.severity ?? 'not scored'),
            field('Where', placeText(notice.target)),
          ],
        },
      ];

/** What a phone shows. */
const fallbackOf = (notice: Notice): string => slackEscaped(subjectText(notice), MAX_FALLBACK);

/** As many of the lines, shortened, as fit on the board above the thread and into the stored thread document. */
const fitting = (lines: readonly string[]): string[] => {
  const kept: string[] = [];
  let size = 0;
  for (const line of lines.map(lineText)) {
    size += line.length + 1;
    if (size > MAX_SEEN) return kept;
    kept.push(line);
  }
  return kept;
};

/**
 * The lines that a board keeps showing once this notice is told: those of the notice that began it, and above them
 * those of each rise. Without these, a board would give the reasons of a lower tier than its own.
 */
export const seenIn = ({ kind, lines }: Notice, before?: readonly string[]): string[] => {
  const now = fitting(lines);
  if (before === undefined) return now;
  // A notice that is told again does not stand there twice.
  const isThere = now.every((line, n) => before[n] === line);
  return kind !== 'raised' || isThere ? [...before] : fitting([...now, 'before that:', ...before]);
};

/** The message above an incident's thread: the incident, its state, and the open question. */
export const slackBoard = (
  notice: Notice,
  { seen, consoleUrl }: { seen: readonly string[]; consoleUrl: string | undefined },
): SlackMessage => {
  const { title, incident } = notice;
  const headline = headlineOf(notice);
  return {
    text: fallbackOf(notice),
    blocks: [
      { type: 'header', text: literal(plain(headline, MAX_HEADER)) },
      ...standingOf(notice),
      ...sections([title, ...seen]),
      ...askBlocks(notice, incidentUrl(consoleUrl, incident)),
      footer(notice),
    ],
  };
};

/** One notice, as a reply in its incident's thread. */
export const slackReply = (
  notice: Notice,
  { late, consoleUrl }: { late: boolean; consoleUrl: string | undefined },
): SlackMessage => ({
  text: fallbackOf(notice),
  blocks: [
    ...sections([notice.title]),
    ...sections(notice.lines),
    ...(late ? [] : notice.kind === 'ask' ? askBlocks(notice, incidentUrl(consoleUrl, notice.incident)) : []),
    footer(notice, late ? ' · late: what is newer stands above' : ''),
  ],
});
