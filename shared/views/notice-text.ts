import type { Notice } from '../model/notice.ts';
import { plain } from '../text.ts';
import { requestLine } from './command-line.ts';
import { placeText, targetText } from './target.ts';
import { clockText } from './time.ts';

/** A notice in lines of plain text: what, where, why, and what is asked. The first line stands alone as a subject. */
export const noticeLines = (n: Notice): string[] => [
  `${n.severity === null ? '' : `[${n.severity}] `}${plain(n.title)}`,
  `${targetText(n.target)} in ${placeText(n.target)}: ${n.state}${n.tier === null ? '' : `, ${n.tier}`}`,
  ...n.lines.map((line) => plain(line)),
  ...(n.ask === undefined
    ? []
    : [
        `Approve ${n.ask.tier}? Answer by ${clockText(n.ask.until)} UTC; unanswered, it lapses.`,
        requestLine(n.target, 'approve', n.incident, '--plan', n.ask.plan),
        requestLine(n.target, 'reject', n.incident, '--plan', n.ask.plan),
      ]),
];
