import type { Notice } from '../model/notice.ts';
import type { Target } from '../model/target.ts';
import { plain } from '../text.ts';
import { askText } from './ask-text.ts';
import { requestLine } from './command-line.ts';
import { placeText, targetText } from './target.ts';
import { clockText } from './time.ts';

/**
 * A notice as lines of plain text: what, where, why, and the open question. The first line can be used alone as a
 * subject.
 */
export const noticeLines = (n: Notice): string[] => [
  `${n.severity === null ? '' : `[${n.severity}] `}${plain(n.title)}`,
  `${whereText(n.target)}: ${n.state}${n.tier === null ? '' : `, ${n.tier}`}`,
  ...n.lines.map((line) => plain(line)),
  ...askLines(n),
];

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
