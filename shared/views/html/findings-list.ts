import { worstFirst } from '../../decision/exemplars.ts';
import type { Finding } from '../../model/finding.ts';
import type { Incident } from '../../model/incident.ts';
import { targetText } from '../target.ts';
import { confidenceFigure, moment, name, severityBadge } from './badges.ts';
import { foreign, type Html, html } from './escape.ts';

/** Facts about a rule that its findings do not contain. */
type KnownRule = { title: string; why: string; technique: ReadonlyArray<{ id: string; name: string }> };
export type RuleLookup = (id: string) => KnownRule | undefined;

/**
 * A link to a technique: ATT&CK's URLs have sub-techniques as folders. Ids come from our own rules; others get no link.
 */
const technique = ({ id, name: title }: { id: string; name: string }): Html =>
  /^T\d{4}(\.\d{3})?$/.test(id)
    ? html`<li><a href="https://attack.mitre.org/techniques/${id.replace('.', '/')}/" rel="noreferrer noopener" target="_blank">${id} ${title}</a></li>`
    : html`<li>${id} ${title}</li>`;

const findingHtml = (finding: Finding, rule: KnownRule | undefined): Html =>
  html`<li class="finding">
<h3>${severityBadge(finding.severity)} ${confidenceFigure(finding.confidence)} ${rule?.title ?? finding.rule}</h3>
<p class="facts"><span>${name(finding.rule, 63)}</span><span>${finding.family}${finding.conclusive === true ? ', conclusive' : undefined}</span><span>${finding.source}</span><span>${moment(finding.at, true)} UTC</span><span>${foreign(targetText(finding.target))}</span></p>
<ul class="because">${finding.because.map((text) => html`<li>${foreign(text, 1000)}</li>`)}</ul>
${
  rule === undefined
    ? undefined
    : html`<p class="why">${rule.why}</p>${rule.technique.length === 0 ? undefined : html`<ul class="techniques" aria-label="MITRE ATT&amp;CK">${rule.technique.map(technique)}</ul>`}`
}
</li>`;

/**
 * The findings that an incident keeps, the worst first (severity, then confidence, then time), each with its evidence
 * and the facts about its rule.
 */
export const findingsList = (incident: Incident, ruleOf: RuleLookup): Html => {
  const { findings, summary } = incident;
  if (findings.length === 0) return html`<p>No detector has found anything: an operator asked for this.</p>`;
  const sorted = findings.toSorted(worstFirst);
  return html`${
    summary.count > findings.length
      ? html`<p>${findings.length} of ${summary.count} findings, one or more for each rule.</p>`
      : undefined
  }<ol class="findings">${sorted.map((one) => findingHtml(one, ruleOf(one.rule)))}</ol>`;
};
