import type { Notice } from '../model/notice.ts';
import { plain } from '../text.ts';
import { placeText, targetText } from './target.ts';
import { clockText } from './time.ts';

/**
 * A notice as lines of plain text: what, where, why, and the open question. The first line can be used alone as a
 * subject.
 */
export const noticeLines = (n: Notice): string[] => [
  `${n.severity === null ? '' : `[${n.severity}] `}${plain(n.title)}`,
  `${targetText(n.target)} in ${placeText(n.target)}: ${n.state}${n.tier === null ? '' : `, ${n.tier}`}`,
  ...n.lines.map((line) => plain(line)),
  ...(n.ask === undefined
    ? []
    : [
        `Asked until ${clockText(n.ask.until)} UTC: ${n.ask.tier}.`,
        `firebreak approve ${n.incident} --plan ${plain(n.ask.plan)} --reason "..."`,
      ]),
];
