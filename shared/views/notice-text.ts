import type { Notice } from '../model/notice.ts';
import { plain } from '../text.ts';
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
        `Asked until ${clockText(n.ask.until)} UTC: ${n.ask.tier}.`,
        `firebreak approve ${n.incident} --plan ${plain(n.ask.plan)} --reason "..."`,
      ]),
];
