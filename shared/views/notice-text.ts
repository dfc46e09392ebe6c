import type { Notice } from '../model/notice.ts';
import { HALT_ID } from '../model/records.ts';
import type { Target } from '../model/target.ts';
import { plain } from '../text.ts';
import { askText } from './ask-text.ts';
import { requestLine } from './command-line.ts';
import { placeText, targetText } from './target.ts';
import { clockText } from './time.ts';

/** Whether a notice is about a halt, and so about no incident: severity, tier and state say nothing then. */
export const isOfHalt = ({ incident }: Pick<Notice, 'incident'>): boolean => incident === HALT_ID;

/**
 * A notice as lines of plain text: what, where, why, and the open question. The first line can be used alone as a
 * subject.
 */
export const noticeLines = (n: Notice): string[] => [
  subjectText(n),
  ...(isOfHalt(n) ? [] : [`${whereText(n.target)}: ${n.state}${n.tier === null ? '' : `, ${noticeTier(n)}`}`]),
  ...n.lines.map((line) => plain(line)),
  ...askLines(n),
];

/** The title, with the severity, the dry run and the target before it where it does not name them itself. */
export const subjectText = ({ severity, title, dryRun, target }: Notice): string => {
  const told = plain(title);
  const marks = [
    ...(severity === null || told.startsWith(`${severity} `) ? [] : [severity]),
    ...(dryRun === true && !told.includes('dry run') ? ['dry run'] : []),
  ];
  const about = targetText(target);
  return `${marks.map((mark) => `[${mark}] `).join('')}${told.includes(about) ? '' : `${about}: `}${told}`;
};

/** The tier of a notice. A dry run must not read as if something were done. */
export const noticeTier = ({ tier, dryRun }: Notice): string =>
  `${tier ?? 'none'}${dryRun === true ? ' (dry run)' : ''}`;

const whereText = (target: Target): string => {
  const [what, place] = [targetText(target), placeText(target)];
  // A whole project is its own place.
  return place === target.project && what.startsWith('project ') ? what : `${what} in ${place}`;
};

/** The open question of a notice and the command that approves it; empty where nothing is asked. */
export const askLines = ({ ask, incident, target }: Notice): string[] =>
  ask === undefined
    ? []
    : [
        `${askText(ask)} Answer by ${clockText(ask.until)} UTC; unanswered, it lapses.`,
        requestLine(target, 'approve', incident, '--plan', ask.plan),
        requestLine(target, 'reject', incident, '--plan', ask.plan),
      ];
