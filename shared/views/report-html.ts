import { hash } from 'node:crypto';
import { openAsk } from '../decision/open-ask.ts';
import { msOf } from '../model/time.ts';
import { askTag, incidentBadges, moment, name, tierTag } from './html/badges.ts';
import { block, foreign, type Html, html, markupOf } from './html/escape.ts';
import { findingsList } from './html/findings-list.ts';
import { journalTable } from './html/journal-table.ts';
import { staysValidList } from './html/stays-valid-list.ts';
import { STYLE_BASE } from './html/style-base.ts';
import { STYLE_PARTS } from './html/style-parts.ts';
import { targetPicture } from './html/target-picture.ts';
import { timelineList } from './html/timeline-list.ts';
import { todoList } from './html/todo-list.ts';
import { MARKS } from './marks.ts';
import { credentialsLine, reportCommands, type StepCommands } from './report-commands.ts';
import { type Exhibit, hashLine, type Manifest, type ReportFacts } from './report-facts.ts';
import { remainsOf } from './report-remains.ts';
import { STYLE_REPORT } from './report-style.ts';
import { doneText, happenedText, leftToDoText, sizeText } from './report-text.ts';
import { MORE_REQUESTS, senderText } from './sender-text.ts';
import { placeText, targetText } from './target.ts';

const STYLE = `${STYLE_BASE}${STYLE_PARTS}${STYLE_REPORT}`;

/** Nothing is loaded and nothing runs: only this style sheet is allowed, by its hash. */
const POLICY = `default-src 'none'; style-src 'sha256-${hash('sha256', STYLE, 'base64')}'; base-uri 'none'; form-action 'none'`;

const part = (id: string, title: string, body: Html): Html =>
  html`<section class="card" id="${id}"><h2>${title}</h2>${body}</section>`;

const hero = ({ incident, ruleOf, madeAt }: ReportFacts): Html => {
  const { target, openedAt, id, summary } = incident;
  const asked = openAsk(incident, msOf(madeAt));
  const left = leftToDoText(incident, asked);
  return html`<section class="card hero"><div class="line">${incidentBadges(incident)}</div>
<h1>${foreign(targetText(target))}</h1>
<p class="facts"><span>${name(placeText(target))}</span><span>incident ${name(id)}</span><span>opened ${moment(openedAt, true)} UTC</span><span>report made ${moment(madeAt, true)} UTC</span></p>
<dl class="glance"><div><dt>What happened</dt><dd>${happenedText(incident, ruleOf)}</dd></div><div><dt>What was done</dt><dd>${doneText(incident)}</dd></div><div><dt>Who is involved</dt><dd>${
    summary.principals.length === 0
      ? 'Nobody is named'
      : summary.principals.map((who) => html`<div>${foreign(who)}</div>`)
  }</dd></div><div><dt>What is asked</dt><dd>${asked === undefined ? undefined : html`Approve ${askTag(asked)}? Answer by ${moment(asked.until)} UTC${left === '' ? '' : '. '}`}${foreign(left)}</dd></div></dl></section>`;
};

const decided = ({ incident, requests, moreRequests }: ReportFacts): Html => {
  const { decision, answered = [] } = incident;
  const verdict =
    decision === null
      ? html`<p>Nothing was decided.</p>`
      : html`<p><strong>${decision.verdict}: ${decision.tier}</strong>${decision.asked === undefined ? undefined : html`, asks for ${askTag(decision.asked)}`}, ${moment(decision.at, true)} UTC, by policy ${name(decision.policyHash)}</p>
<ul class="because">${decision.because.map((text) => html`<li>${foreign(text, 1000)}</li>`)}</ul>`;
  const answers = answered.map(
    ({ tier, outcome, by, at }) =>
      html`<li>${moment(at, true)} UTC: ${tierTag(tier)} ${outcome} by ${foreign(by)}</li>`,
  );
  const asked = requests.map(
    ({ request, firstSeenAt, state, outcome, operator }) =>
      html`<li>${moment(firstSeenAt, true)} UTC: <strong>${request?.action ?? 'unreadable'}</strong> by ${foreign(senderText({ request, operator }))}${
        request === null ? undefined : html`, because ${foreign(request.reason, 1000)}`
      } <span class="dim">${state}${outcome === undefined ? undefined : html`: ${foreign(outcome, 1000)}`}</span></li>`,
  );
  return html`${verdict}${answers.length === 0 ? undefined : html`<h4>What became of asks</h4><ul class="because">${answers}</ul>`}${
    asked.length === 0
      ? undefined
      : html`<h4>What operators asked for</h4><ul class="because">${asked}</ul>${moreRequests ? html`<p class="dim">${MORE_REQUESTS}</p>` : undefined}`
  }`;
};

const typedHtml = ({ entry, commands, because }: StepCommands): Html => {
  const [symbol, word] = MARKS[entry.state];
  return html`<li class="ev-${entry.state}"><p class="head"><span class="mark" aria-hidden="true">${symbol}</span> <span class="word">${word}</span> <strong>${entry.step}</strong> ${name(entry.subject)}</p>${
    commands.length === 0 ? undefined : block(commands.join('\n'))
  }${because === undefined ? undefined : html`<p class="dim">${because}</p>`}</li>`;
};

const typed = ({ incident, hosts }: ReportFacts): Html => {
  const steps = reportCommands(incident, hosts);
  const begin = credentialsLine(incident);
  return steps.length === 0
    ? html`<p>Nothing was changed, so there is nothing to type.</p>`
    : html`<p>Firebreak calls the APIs itself, and only while the target is the one that was meant. By hand it would have been:</p>${begin === undefined ? undefined : block(begin)}<ol class="typed">${steps.map(typedHtml)}</ol>`;
};

const exhibitRow = (one: Exhibit): Html =>
  'missing' in one
    ? html`<tr><td>${name(String(one.name))}</td><td colspan="2" class="warn">not kept: ${foreign(String(one.missing))}</td></tr>`
    : html`<tr><td>${name(one.name)}</td><td class="size">${sizeText(one.size)}</td><td><code>${one.sha256}</code></td></tr>`;

const manifestHtml = (manifest: Manifest): Html =>
  html`<div class="manifest"><h3>${name(manifest.subject)}</h3><p class="facts"><span>${name(manifest.key, 400)}</span></p>${
    'unread' in manifest
      ? html`<p class="warn">${foreign(manifest.unread, 500)}</p>`
      : html`<table><thead><tr><th scope="col">exhibit</th><th scope="col" class="size">size</th><th scope="col">SHA-256</th></tr></thead><tbody>${manifest.kept.map(exhibitRow)}</tbody></table>`
  }</div>`;

const evidence = (facts: ReportFacts): Html => {
  const { manifests, evidenceAt } = facts;
  const line = hashLine(facts);
  return manifests.length === 0
    ? html`<p>Nothing was captured.</p>`
    : html`${evidenceAt === undefined ? undefined : html`<p>In ${name(evidenceAt)}, never overwritten.</p>`}${
        line === undefined
          ? undefined
          : html`<p>To hold a file against its hash below, the first one for example:</p>${block(line)}`
      }${manifests.map(manifestHtml)}`;
};

const valid = ({ valid }: ReportFacts): Html =>
  valid.length === 0
    ? html`<p>No evidence says what stays valid: none was captured.</p>`
    : staysValidList(
        // The commands stand under what remains to be done.
        valid.map((one) =>
          'exhibit' in one ? { ...one, exhibit: { ...one.exhibit, revoke: [] } } : { ...one, revoke: [] },
        ),
      );

/** One incident as one HTML file that loads nothing, for an archive, a mail or a printer. */
export const reportHtml = (facts: ReportFacts): string => {
  const { incident, hosts, ruleOf, madeAt } = facts;
  const parts: Array<[id: string, title: string, body: Html]> = [
    ['timeline', 'Timeline', timelineList(incident, facts.requests)],
    ['decision', 'Decision', decided(facts)],
    ['remains', 'What remains', todoList(remainsOf(facts))],
    ['findings', 'Findings', findingsList(incident, ruleOf)],
    ['target', 'Target', targetPicture(incident, hosts)],
    ['steps', 'Steps', journalTable(incident, hosts)],
    ['commands', 'What a person would have typed', typed(facts)],
    ['evidence', 'Evidence', evidence(facts)],
    ['valid', 'What stays valid', valid(facts)],
  ];
  const title = `${targetText(incident.target)}: ${incident.state}`;
  const body = html`<main><p class="brand">Firebreak · incident report</p>
${hero(facts)}
<nav class="toc" aria-label="Contents">${parts.map(([id, text]) => html`<a href="#${id}">${text}</a>`)}</nav>
${parts.map(([id, text, content]) => part(id, text, content))}
<footer>Made from the record of incident ${name(incident.id)}, revision ${incident.rev}, on ${moment(madeAt, true)} UTC. Times are UTC.</footer></main>`;
  const head = html`<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">
<title>${title}</title>`;
  return `<!doctype html>\n<html lang="en">\n<head>${markupOf(head)}\n<style>${STYLE}</style>\n</head>\n<body>\n${markupOf(body)}\n</body>\n</html>\n`;
};
