import { openAsk } from '../decision/open-ask.ts';
import { severityRank } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import { INCIDENT_STATES, type IncidentState } from '../model/notice.ts';
import { counted } from '../text.ts';
import { askedTierText } from '../views/ask-text.ts';
import { ago, confidenceFigure, decisionTags, heldTag, severityBadge, stateBadge } from '../views/html/badges.ts';
import { foreign, type Html, html } from '../views/html/escape.ts';
import type { RuleLookup } from '../views/html/findings-list.ts';
import { happenedText } from '../views/report-text.ts';
import { placeText, targetText } from '../views/target.ts';
import type { Page, Surroundings } from './page.ts';
import type { Unread } from './read.ts';

type Filter = { state: IncidentState | undefined; search: string };

/** Incidents as read. `unread`: those that cannot be; `more`: states that have more incidents than were read. */
type ListFacts = {
  incidents: readonly Incident[];
  unread: readonly Unread[];
  more: readonly IncidentState[];
  filter: Filter;
  ruleOf: RuleLookup;
};

type Group = { title: string; has(incident: Incident, now: number): boolean };

/** An incident is shown in the first group that it belongs to. Incidents that wait for a person come first. */
const GROUPS: readonly Group[] = [
  {
    title: 'Waiting for you',
    has: (i, now) => openAsk(i, now) !== undefined || i.held !== undefined || i.state === 'failed',
  },
  { title: 'Being contained', has: (i) => i.state === 'containing' },
  { title: 'Contained', has: (i) => i.state === 'contained' },
  { title: 'Watched', has: (i) => i.state === 'open' || i.state === 'asking' },
  { title: 'Over', has: () => true },
];

/** The text that a search looks at: ids, places, names, rules and people. */
const wordsOf = (i: Incident): string =>
  [
    i.id,
    i.state,
    i.severity ?? 'requested',
    placeText(i.target),
    targetText(i.target),
    ...i.findings.map(({ rule }) => rule),
    ...i.summary.principals,
    ...i.subjects.map((s) =>
      s.kind === 'pod'
        ? `${s.namespace}/${s.name} ${s.host?.node ?? ''}`
        : s.kind === 'node'
          ? s.host.node
          : s.owner.name,
    ),
  ]
    .join(' ')
    .toLowerCase();

/** Whether every word of a search occurs somewhere in an incident. */
const isFound = (incident: Incident, search: string): boolean => {
  const words = wordsOf(incident);
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => words.includes(word));
};

const row = (incident: Incident, { ruleOf }: ListFacts, now: number): Html => {
  const { id, severity, confidence, target, state, decision, openedAt, held } = incident;
  const asked = openAsk(incident, now);
  return html`<li class="row" id="${id}"><div>${severityBadge(severity)} ${confidenceFigure(confidence)}</div>
<div class="title"><a href="/incidents/${id}">${foreign(targetText(target), 200)}</a><p class="facts"><span>${happenedText(incident, ruleOf)}</span><span>${foreign(placeText(target))}</span></p></div>
<div class="tags">${stateBadge(state)}${decisionTags(decision)}${
    asked === undefined ? undefined : html`<span class="tag warn">asks: ${askedTierText(asked)}</span>`
  }${heldTag(held)}</div>
<div class="age">${ago(openedAt, now)}</div></li>`;
};

/** An incident that an operator requested is as urgent as a critical one: somebody waits for it. */
const urgencyOf = ({ severity }: Incident): number => severityRank(severity ?? 'critical');

const groupsOf = (incidents: readonly Incident[], now: number): Array<{ title: string; incidents: Incident[] }> =>
  GROUPS.map((group) => ({
    title: group.title,
    incidents: incidents
      .filter((i) => GROUPS.find(({ has }) => has(i, now)) === group)
      .toSorted((a, b) => urgencyOf(b) - urgencyOf(a) || (a.openedAt < b.openedAt ? 1 : -1)),
  })).filter((group) => group.incidents.length > 0);

const searchForm = ({ state, search }: Filter): Html =>
  html`<form class="search" method="get" action="/" role="search">${
    state === undefined ? undefined : html`<input type="hidden" name="state" value="${state}">`
  }<div><label for="q">Search</label><input type="search" id="q" name="q" maxlength="200" value="${search}" placeholder="namespace, pod, node, rule, person, id"></div><button>Search</button></form>`;

const counts = ({ incidents, filter }: ListFacts, all: readonly Incident[]): Html => {
  const query = filter.search === '' ? '' : `&q=${encodeURIComponent(filter.search)}`;
  const link = (label: string, state: string, count: number): Html =>
    html`<a href="/?state=${state}${query}"${(filter.state ?? '') === state ? html` aria-current="page"` : undefined}>${label} <span class="figure">${count}</span></a>`;
  return html`<nav class="counts" aria-label="States">${link('all', '', all.length)}${INCIDENT_STATES.map((state) => ({
    state,
    count: all.filter((i) => i.state === state).length,
  }))
    .filter(({ state, count }) => count > 0 || state === filter.state)
    .map(({ state, count }) =>
      link(state, state, count),
    )}<span class="dim hidden">${incidents.length} read</span></nav>`;
};

/** Says what no search can find, whatever the filter: a list that is not whole must not look so. */
const leftOut = (unread: readonly Unread[]): Html[] => {
  const newer = unread.filter(({ isNewer }) => isNewer).length;
  const broken = unread.length - newer;
  return [
    ...(newer === 0
      ? []
      : [
          html`<p class="warn">${counted(newer, 'incident')} left out: a newer version of Firebreak wrote what is stored, and nothing follows from it until that version is back: deploy it again.</p>`,
        ]),
    ...(broken === 0
      ? []
      : [
          html`<p class="warn">${counted(broken, 'incident')} left out: what is stored cannot be read. The log of the console says why, as unreadable_document.</p>`,
        ]),
  ];
};

/** The page of all incidents, grouped by what they need from a person, with a filter by state and a search. */
export const listPage = (facts: ListFacts, around: Surroundings): Page => {
  const { filter, incidents, unread, more } = facts;
  const found = incidents.filter((i) => isFound(i, filter.search));
  const shown = found.filter((i) => filter.state === undefined || i.state === filter.state);
  const groups = groupsOf(shown, around.now);
  const waiting =
    groupsOf(incidents, around.now).find(({ title }) => title === GROUPS[0]?.title)?.incidents.length ?? 0;
  const main = html`<section class="card"><h1>Incidents</h1>${searchForm(filter)}<div data-live="counts">${counts(facts, found)}</div></section>
<div class="stack" data-live="list">${
    groups.length === 0
      ? html`<p class="card none">${incidents.length + unread.length === 0 ? 'Nothing has happened. A new incident appears here by itself.' : 'No incident matches.'}</p>`
      : groups.map(
          ({ title, incidents: of }, n) =>
            html`<section class="group" aria-labelledby="group-${n}"><h2 id="group-${n}">${title} <span class="dim">${of.length}</span></h2><ul class="card rows">${of.map((one) => row(one, facts, around.now))}</ul></section>`,
        )
  }${more.length === 0 ? undefined : html`<p class="warn">There are more that are ${more.join(', ')} than are read here: <code>firebreak incidents</code> lists them all.</p>`}${leftOut(unread)}</div>`;
  return {
    title: waiting === 0 ? 'Incidents' : `(${waiting}) Incidents`,
    say: `${counted(incidents.length, 'incident')}, ${waiting} waiting for you`,
    watch: around.answer === undefined ? '' : `?request=${around.answer.id}`,
    main,
  };
};
