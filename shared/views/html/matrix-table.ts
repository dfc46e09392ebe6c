import { assess, bandOf } from '../../decision/assess.ts';
import type { Policy } from '../../decision/policy.ts';
import { SEVERITIES } from '../../model/ids.ts';
import type { Incident } from '../../model/incident.ts';
import { severityBadge, tierTag } from './badges.ts';
import { foreign, type Html, html } from './escape.ts';

const COLUMNS = ['below 0.5', 'from 0.5', 'from 0.75', 'from 0.9'] as const;

/** The matrix of the policy, with the incident's cell marked. */
export const matrixTable = (
  incident: Incident,
  { matrix, policyHash }: Pick<Policy, 'matrix'> & { policyHash: string },
): Html => {
  const { deciding } = assess(matrix, incident.summary.maxima);
  const here = (severity: string, column: number): boolean =>
    deciding !== undefined && deciding.severity === severity && bandOf(deciding.confidence) === column;
  const decidedBy = incident.decision?.policyHash;
  return html`<div class="wide"><table class="matrix"><caption>${
    deciding === undefined
      ? 'Nothing was weighed, so the incident has no place here.'
      : html`The incident is at <strong>${deciding.severity}</strong>, confidence <strong>${deciding.confidence.toFixed(2)}</strong>.`
  }</caption>
<thead><tr><th scope="col">severity</th>${COLUMNS.map((text) => html`<th scope="col">${text}</th>`)}</tr></thead>
<tbody>${SEVERITIES.toReversed().map(
    (severity) =>
      html`<tr><th scope="row">${severityBadge(severity)}</th>${matrix[severity].map((tier, column) =>
        here(severity, column)
          ? html`<td class="here" aria-current="true">${tierTag(tier)}<span class="pin">◆ here</span></td>`
          : html`<td>${tierTag(tier)}</td>`,
      )}</tr>`,
  )}</tbody></table></div>
${
  decidedBy === undefined || decidedBy === policyHash
    ? undefined
    : html`<p class="warn">It was decided by policy ${foreign(decidedBy.slice(0, 12))}, and the one shown is ${policyHash.slice(0, 12)}: the policy has changed since, or an operator decided under another.</p>`
}`;
};
