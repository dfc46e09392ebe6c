import { assess, type Level } from '../../decision/assess.ts';
import type { Policy } from '../../decision/policy.ts';
import type { Family } from '../../model/ids.ts';
import type { Incident } from '../../model/incident.ts';
import { severityBadge } from './badges.ts';
import { foreign, type Html, html } from './escape.ts';

const EDGES = [0.5, 0.75, 0.9];
const share = (confidence: number): number => Math.round(confidence * 1000) / 10;

const edges = EDGES.map(
  (edge) => html`<line class="edge" x1="${share(edge)}%" x2="${share(edge)}%" y1="0" y2="100%"></line>`,
);

const bar = (parts: ReadonlyArray<{ from: number; to: number; nth: number }>): Html =>
  html`<svg class="gauge" aria-hidden="true" width="100%" height="16"><rect class="rail" x="0" y="0" width="100%" height="16" rx="3"></rect>${parts.map(
    ({ from, to, nth }) =>
      html`<rect class="share share-${nth}" x="${share(from)}%" y="0" width="${share(to - from)}%" height="16"></rect>`,
  )}${edges}</svg>`;

type Row = { family: Family; confidence: number; from: number; to: number; rules: string[] };

/** One row for each family: each takes its share of the doubt that those before it left. */
const rowsOf = (level: Level, incident: Incident): Row[] => {
  let certain = 0;
  return [...level.families]
    .toSorted(([, a], [, b]) => b - a)
    .map(([family, confidence]) => {
      const from = certain;
      certain += (1 - certain) * confidence;
      const rules = incident.summary.maxima.filter((m) => m.family === family && m.confidence === confidence);
      return { family, confidence, from, to: certain, rules: [...new Set(rules.map(({ rule }) => rule))] };
    });
};

const rowHtml = ({ family, confidence, from, to, rules }: Row, nth: number): Html =>
  html`<div class="weigh"><dt>${family} <span class="dim">${rules.slice(0, 3).map((rule) => foreign(rule, 63))}</span></dt><dd><span class="figure">${confidence.toFixed(2)}</span>${bar([{ from, to, nth: nth % 4 }])}</dd></div>`;

/**
 * A picture of how the confidence came about: the best finding of each family of evidence, each taking its share of the
 * remaining doubt, and the thresholds from which the matrix does more. It shows the level that decided.
 */
export const confidencePicture = (incident: Incident, matrix: Policy['matrix']): Html => {
  const { deciding } = assess(matrix, incident.summary.maxima);
  if (deciding === undefined)
    return html`<p>No evidence was weighed: an operator asked for this incident, and answers for it.</p>`;
  const rows = rowsOf(deciding, incident);
  const doubts = rows.map(({ confidence }) => `(1 − ${confidence.toFixed(2)})`).join(' × ');
  return html`<p>Of the evidence that is ${severityBadge(deciding.severity)} or above, the surest finding of each family counts. Each takes away its share of the doubt that the others leave.</p>
<dl class="weighing">${rows.map(rowHtml)}
<div class="weigh total"><dt>together</dt><dd><span class="figure">${deciding.confidence.toFixed(2)}</span>${bar(
    rows.map(({ from, to }, nth) => ({ from, to, nth: nth % 4 })),
  )}</dd></div></dl>
<p class="scale" aria-hidden="true"><span>0</span><span>0.5</span><span>0.75</span><span>0.9</span></p>
<p class="formula"><code>1 − ${doubts} = <strong>${deciding.confidence.toFixed(2)}</strong></code>${
    deciding.conclusive ? ', and at least one finding is conclusive' : ''
  }</p>`;
};
