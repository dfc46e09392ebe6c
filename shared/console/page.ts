import type { HaltRecord } from '../model/records.ts';
import type { RequestRecord } from '../model/request.ts';
import { moment } from '../views/html/badges.ts';
import { foreign, type Html, html, markupOf } from '../views/html/escape.ts';
import { ICON_PATHS } from './icon.ts';

/** The answer to a request that the visitor has sent: `record` is undefined until operate has read the request. */
export type Answer = { id: string; record: RequestRecord | undefined };

/** What every page shows around its own content. */
export type Surroundings = {
  project: string;
  /** The visitor, as verified, and how that is known. */
  operator: { email: string; by: string };
  /** Why the visitor may not ask for anything; undefined if they may. */
  stranger: string | undefined;
  now: number;
  halt: HaltRecord | undefined;
  /** Goes into every form: see same-origin.ts. */
  formToken: string;
  /** A new id for a request: one for each form, so that a form sent twice is one request. */
  newId(): string;
  answer: Answer | undefined;
  /** Hash of what the page was made of. A different one in the events means that the page has changed. */
  signature: string;
  /** Versions of style and script. */
  version: string;
};

export type Page = {
  title: string;
  /** The text that screen readers read out when it changes. */
  say: string;
  /** Query string for the events of this page. */
  watch: string;
  main: Html;
};

/** The hidden fields of every form. */
export const formFields = ({ formToken, newId }: Surroundings, incident?: string): Html =>
  html`<input type="hidden" name="token" value="${formToken}"><input type="hidden" name="id" value="${newId()}">${
    incident === undefined ? undefined : html`<input type="hidden" name="incident" value="${incident}">`
  }`;

/** A field for the reason of a request. */
export const reasonField = (id: string, required: boolean): Html =>
  html`<label for="${id}">Reason${required ? undefined : html` <span class="dim">(may be left empty)</span>`}</label>
<textarea id="${id}" name="reason" rows="1" maxlength="1000"${required ? html` required` : undefined}></textarea>`;

const haltForm = (around: Surroundings): Html =>
  around.stranger !== undefined || around.halt?.halted === true
    ? html``
    : html`<details><summary>Halt …</summary><div class="drop card"><p>Nothing is changed in any incident until somebody resumes, except by a release that is requested after the halt.</p>
<form class="act" method="post" action="/requests">${formFields(around)}${reasonField('halt-reason', true)}<div class="buttons"><button class="danger" name="do" value="halt">Halt everything</button></div></form></div></details>`;

const halted = (around: Surroundings): Html => {
  const { halt, stranger } = around;
  if (halt?.halted !== true) return html``;
  return html`<section class="halted" aria-label="Halt"><p><strong>Everything is halted</strong> by ${foreign(halt.by)} since ${moment(halt.at, true)} UTC: ${foreign(halt.reason, 1000)}</p>${
    stranger === undefined
      ? html`<details><summary>Resume …</summary><form class="act" method="post" action="/requests">${formFields(around)}${reasonField('resume-reason', true)}<div class="buttons"><button name="do" value="resume">Resume</button></div></form></details>`
      : undefined
  }</section>`;
};

const answered = ({ answer }: Surroundings): Html => {
  if (answer === undefined) return html``;
  const { record } = answer;
  const action = record?.request?.action;
  const what = action === undefined ? 'Your request' : html`Your request to <strong>${action}</strong>`;
  const said =
    record === undefined || record.state === 'seen'
      ? html`${what} is on its way. ${record?.outcome === undefined ? undefined : foreign(record.outcome, 1000)}`
      : html`${what} was ${record.state}: ${foreign(record.outcome ?? 'nothing was said', 1000)}`;
  return html`<section class="card answer answer-${record?.state ?? 'sent'}" aria-label="Answer"><p>${said}</p></section>`;
};

const head = (title: string, version: string): Html => html`<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="/icon.svg?${version}" type="image/svg+xml">
<link rel="stylesheet" href="/style.css?${version}">`;

const brand = (project: string): Html =>
  html`<a class="brand" href="/"><svg viewBox="0 0 24 24" aria-hidden="true">${ICON_PATHS}</svg>Firebreak <span class="dim">${project}</span></a>`;

/** The whole HTML page around the content of `page`, as text. */
export const pageText = (page: Page, around: Surroundings): string => {
  const { title, say, watch, main } = page;
  const { project, operator, signature, version, stranger } = around;
  return `<!doctype html>\n${markupOf(html`<html lang="en">
${head(`${title} · Firebreak`, version)}
<script src="/console.js?${version}" defer></script>
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header class="top">${brand(project)}<span class="who">${foreign(operator.email, 254)} <span class="dim">(${operator.by})</span></span><div data-live="halt">${haltForm(around)}</div></header>
<div data-live="halted">${halted(around)}</div>
<main id="main" tabindex="-1" data-watch="/events${watch}" data-signature="${signature}" data-say="${say}">
<p id="news" class="hidden" role="status"></p>
<div data-live="answer" role="status">${answered(around)}</div>
${stranger === undefined ? undefined : html`<p class="card warn">You may look and not act: ${stranger}.</p>`}
${main}
</main>
<footer><span id="live" role="status">As of ${new Date(around.now).toISOString().slice(11, 19)} UTC</span><noscript><span>Reload to see what has changed: without a script nothing else is missing.</span></noscript><span>All times are UTC</span></footer>
</body>
</html>`)}\n`;
};

/** A page with a single sentence, for visitors who may not see more. */
export const messageText = (title: string, sentence: string, version: string): string =>
  `<!doctype html>\n${markupOf(html`<html lang="en">
${head(`${title} · Firebreak`, version)}
</head>
<body>
<header class="top">${brand('')}</header>
<main id="main"><section class="card"><h1>${title}</h1><p>${foreign(sentence, 1000)}</p><p><a href="/">To the incidents</a></p></section></main>
</body>
</html>`)}\n`;
