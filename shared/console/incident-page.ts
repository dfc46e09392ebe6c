import { openAsk } from '../decision/open-ask.ts';
import type { Policy } from '../decision/policy.ts';
import { heldBecause } from '../decision/state.ts';
import type { Host } from '../model/host.ts';
import type { Incident } from '../model/incident.ts';
import type { RequestRecord } from '../model/request.ts';
import { timeOf } from '../model/time.ts';
import { counted } from '../text.ts';
import { reportLine } from '../views/command-line.ts';
import { heldOn } from '../views/held-text.ts';
import { ago, askTag, incidentBadges, moment, name, tierTag } from '../views/html/badges.ts';
import { confidencePicture } from '../views/html/confidence-picture.ts';
import { foreign, type Html, html } from '../views/html/escape.ts';
import { findingsList, type RuleLookup } from '../views/html/findings-list.ts';
import { journalTable } from '../views/html/journal-table.ts';
import { matrixTable } from '../views/html/matrix-table.ts';
import { staysValidList } from '../views/html/stays-valid-list.ts';
import { targetPicture } from '../views/html/target-picture.ts';
import { timelineList } from '../views/html/timeline-list.ts';
import { todoList } from '../views/html/todo-list.ts';
import type { ReportFacts } from '../views/report-facts.ts';
import { remainsOf } from '../views/report-remains.ts';
import { doneText, happenedText, leftToDoText } from '../views/report-text.ts';
import { MORE_REQUESTS, senderText } from '../views/sender-text.ts';
import { placeText, targetText } from '../views/target.ts';
import { actionsPart } from './actions.ts';
import type { Page, Surroundings } from './page.ts';

/** An incident with what is stored beside it. */
export type IncidentFacts = {
  incident: Incident;
  hosts: ReadonlyMap<string, Host>;
  requests: readonly RequestRecord[];
  moreRequests: boolean;
  valid: ReportFacts['valid'];
  policy: Policy;
  policyHash: string;
  ruleOf: RuleLookup;
};

const heldText = (incident: Incident, now: number): Html => {
  const on = heldOn(incident, now);
  return html`<span class="warn">Held: ${foreign(heldBecause(incident), 1000)}</span>${
    on === undefined ? undefined : html`. ${on.text}: ${name(on.command)}`
  }`;
};

const askedText = (incident: Incident, now: number): Html => {
  const asked = openAsk(incident, now);
  const question =
    asked === undefined ? undefined : html`Approve ${askTag(asked)}? Answer by ${moment(asked.until)} UTC`;
  const before = question === undefined ? undefined : html`${question}. `;
  if (incident.state === 'failed')
    return html`${before}<span class="warn">To do by hand what failed.</span> ${name(reportLine(incident))} has the commands`;
  if (incident.held !== undefined && asked?.lifts !== true) return html`${before}${heldText(incident, now)}`;
  return question ?? html`${leftToDoText(incident)}`;
};

const hero = ({ incident, ruleOf }: IncidentFacts, now: number): Html => {
  const { severity, target, openedAt, id } = incident;
  return html`<section class="card hero hero-${severity ?? 'none'}" data-live="hero" aria-label="At a glance">
<div class="line">${incidentBadges(incident)}</div>
<h1>${foreign(targetText(target))}</h1>
<p class="facts"><span>${name(placeText(target))}</span><span>${name(id)}</span><span>opened ${moment(openedAt, true)} UTC, ${ago(openedAt, now)}</span></p>
<dl class="glance"><div><dt>What happened</dt><dd>${happenedText(incident, ruleOf)}</dd></div><div><dt>What was done</dt><dd>${doneText(incident)}</dd></div><div><dt>What is asked of you</dt><dd>${askedText(incident, now)}</dd></div></dl>
</section>`;
};

/** The titles of the parts of the page below the forms, by id. */
const PARTS = {
  timeline: 'Timeline',
  findings: 'Findings',
  decision: 'Decision',
  target: 'Target',
  confidence: 'Confidence',
  matrix: 'Place in the matrix',
  journal: 'Journal',
  valid: 'What stays valid',
  remains: 'What remains to be done',
  requests: 'Requests',
} as const;

/** The page is long: on a phone, one would scroll far to the last part. */
const contents = (): Html =>
  html`<nav class="toc" aria-label="Contents">${Object.entries(PARTS).map(([id, title]) => html`<a href="#h-${id}">${title}</a>`)}</nav>`;

const part = (id: keyof typeof PARTS, body: Html): Html =>
  html`<section class="card" data-live="${id}" aria-labelledby="h-${id}"><h2 id="h-${id}">${PARTS[id]}</h2>${body}</section>`;

const why = ({ decision }: Incident): Html =>
  decision === null
    ? html`<p>Nothing is decided yet.</p>`
    : html`<p>${decision.verdict}: ${tierTag(decision.tier)}${
        decision.asked === undefined ? undefined : html`, asks for ${askTag(decision.asked)}`
      }, at ${moment(decision.at, true)} UTC by policy ${name(decision.policyHash.slice(0, 12))}</p><ul class="because">${decision.because.map((text) => html`<li>${foreign(text, 1000)}</li>`)}</ul>`;

/** Folded: the timeline has every step already, and this is as long again. */
const journalPart = ({ incident, hosts }: IncidentFacts): Html =>
  incident.journal.length === 0
    ? journalTable(incident, hosts)
    : html`<details><summary>${counted(incident.journal.length, 'entry', 'entries')}, each with its times, its proof, and what was there before</summary>${journalTable(incident, hosts)}</details>`;

/** Titles that the page shows in a place of their own: the forms, and what is to be revoked. */
const ELSEWHERE = ['Decide', 'Revoke', 'End'];

const remainsPart = (facts: IncidentFacts, now: number): Html =>
  todoList(
    remainsOf({ ...facts, manifests: [], evidenceAt: undefined, madeAt: timeOf(now) }).filter(
      ({ title }) => !ELSEWHERE.includes(title),
    ),
  );

/** The journal also has the commands that revoke rights, for when the evidence cannot be read. */
const revocationsOf = ({ journal }: Incident, pod: string) =>
  journal.flatMap((e) => (e.subject === `${pod}#objects` ? (e.revoke ?? []) : []));

const validPart = ({ incident, valid }: IncidentFacts): Html =>
  valid.length === 0
    ? html`<p>No evidence says what stays valid: none was captured yet.</p>`
    : staysValidList(
        valid.map((one) => ('exhibit' in one ? one : { ...one, revoke: revocationsOf(incident, one.pod) })),
      );

const requestsPart = ({ requests, moreRequests }: IncidentFacts): Html =>
  requests.length === 0
    ? html`<p>Nobody has asked for anything.</p>`
    : html`<ol class="requests">${requests.map(
        ({ request, firstSeenAt, state, outcome, operator }) =>
          html`<li><p><strong>${request?.action ?? 'unreadable'}</strong> <span class="tag">${state}</span> by ${foreign(senderText({ request, operator }))}, ${moment(firstSeenAt, true)} UTC</p>${
            request === null ? undefined : html`<p>${foreign(request.reason, 1000)}</p>`
          }${outcome === undefined ? undefined : html`<p class="dim">${foreign(outcome, 1000)}</p>`}</li>`,
      )}</ol>${moreRequests ? html`<p class="dim">${MORE_REQUESTS}</p>` : undefined}`;

/** The page of one incident, from its first signal to the record of the last step, with forms for requests. */
export const incidentPage = (facts: IncidentFacts, around: Surroundings): Page => {
  const { incident, hosts, policy, policyHash, ruleOf } = facts;
  const { answer } = around;
  const what = targetText(incident.target);
  const main = html`<p class="crumb"><a href="/">All incidents</a></p>
${hero(facts, around.now)}
${actionsPart(incident, around)}
${contents()}
${part('timeline', timelineList(incident, facts.requests))}
<div class="split"><div class="stack">${part('findings', findingsList(incident, ruleOf))}${part('decision', why(incident))}</div>
<div class="stack">${part('target', targetPicture(incident, hosts))}${part('confidence', confidencePicture(incident, policy.matrix))}${part('matrix', matrixTable(incident, { matrix: policy.matrix, policyHash }))}</div></div>
${part('journal', journalPart(facts))}
${part('valid', validPart(facts))}
${part('remains', remainsPart(facts, around.now))}
${part('requests', requestsPart(facts))}`;
  return {
    title: `${incident.state}: ${what}`,
    say: `${what} is ${incident.state}. ${doneText(incident)}${openAsk(incident, around.now) === undefined ? '' : '. It asks for an approval'}`,
    watch: `?incident=${incident.id}${answer === undefined ? '' : `&request=${answer.id}`}`,
    main,
  };
};
