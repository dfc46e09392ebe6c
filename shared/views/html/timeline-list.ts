import { SEEN } from '../../decision/explain.ts';
import type { Incident } from '../../model/incident.ts';
import type { RequestRecord } from '../../model/request.ts';
import { msOf } from '../../model/time.ts';
import { MARKS } from '../marks.ts';
import { durationText, offsetText } from '../time.ts';
import { isTakenBack, type TimelineItem, timelineOf } from '../timeline.ts';
import { moment, name } from './badges.ts';
import { foreign, type Html, html } from './escape.ts';
import { type Scale, type Stretch, scaleOf } from './scale.ts';

/** The stretches of an item. One that was taken back has two moments: begun and undone. */
const spansOf = ({ at, endedAt, happening }: TimelineItem): Stretch[] => {
  if (at === undefined) return [];
  const [from, to] = [msOf(at), msOf(endedAt ?? at)];
  return isTakenBack(happening) ? [from, to].map((ms) => ({ from: ms, to: ms })) : [{ from, to }];
};

const LEAST_WIDTH = 1.2;

/** The bar of an item on the time line: as long as the item took, but never too short to be seen. */
const strip = (item: TimelineItem, scale: Scale): Html => {
  const cuts = scale.cuts.map(({ at }) => html`<line class="cut" x1="${at}%" x2="${at}%" y1="0" y2="100%"></line>`);
  const bars = spansOf(item).map(({ from, to }) => {
    const x = Math.min(scale.at(from), 100 - LEAST_WIDTH);
    const width = Math.max(LEAST_WIDTH, Math.round((scale.at(to) - x) * 100) / 100);
    return html`<rect class="bar" x="${x}%" y="2" width="${width}%" height="10" rx="3"></rect>`;
  });
  return html`<svg class="strip" aria-hidden="true" width="100%" height="14"><line class="rail" x1="0" x2="100%" y1="7" y2="7"></line>${cuts}${bars}</svg>`;
};

const itemHtml = (item: TimelineItem, scale: Scale): Html => {
  const [symbol, word] = MARKS[item.happening];
  const facts = [...(item.timing === undefined ? [] : [item.timing]), ...item.facts];
  const when =
    item.at === undefined
      ? html`<span class="later">not begun</span>`
      : html`${moment(item.at)} <span class="offset">${offsetText(item.offsetMs ?? 0)}</span>`;
  return html`<li class="event ev-${item.happening}">
<div class="when">${when}</div>
<div class="what"><span class="mark" aria-hidden="true">${symbol}</span> <span class="word">${word}</span> <strong>${item.title}</strong> ${item.subject === undefined ? undefined : name(item.subject)}
<span class="facts">${facts.map((fact) => html`<span>${foreign(fact)}</span>`)}</span>
${item.because.length === 0 ? undefined : html`<ul class="because">${item.because.map((text) => html`<li>${foreign(text, 1000)}</li>`)}</ul>`}</div>
${strip(item, scale)}
</li>`;
};

/** How soon after the first signal, or the request, the first step began, and how long everything took. */
const pace = (items: readonly TimelineItem[], scale: Scale, since: string): string => {
  const [first] = items.filter((item) => item.subject !== undefined && item.offsetMs !== undefined);
  const begun = first === undefined ? '' : `first step after ${durationText(first.offsetMs ?? 0)}; `;
  return `Counted from ${since}: ${begun}the last thing after ${durationText(scale.end - scale.begin)}`;
};

const ruler = (items: readonly TimelineItem[], scale: Scale, since: string): Html => {
  const cuts = scale.cuts.map(({ ms }) => durationText(ms));
  return html`<p class="ruler"><span>${pace(items, scale, since)}</span>${
    cuts.length === 0 ? undefined : html`<span>dashed: ${cuts.join(', ')} of waiting, cut short</span>`
  }</p>`;
};

/** Reasons of a decision that the time line gives: the first alone may name another tier than the one decided. */
const MOST_REASONS = 3;

const shortReasons = ({ happening, because }: TimelineItem): string[] => {
  if (happening === 'seen') return because.slice(0, 1);
  if (happening !== 'decided') return because;
  const end = because.findIndex((text) => text.startsWith(SEEN));
  return because.slice(0, end < 0 ? MOST_REASONS : Math.min(end, MOST_REASONS));
};

/**
 * Shortens the reasons of findings and decisions, which have places of their own: the time line says only what
 * happened.
 */
const shortened = (item: TimelineItem): TimelineItem => ({ ...item, because: shortReasons(item) });

/** What happened to an incident, in order, each item with its position and length on one time line. */
export const timelineList = (incident: Incident, requests: readonly RequestRecord[]): Html => {
  const items = timelineOf(incident, requests).map(shortened);
  const scale = scaleOf(items.flatMap(spansOf));
  return html`${ruler(items, scale, incident.summary.firstAt === undefined ? 'the request' : 'the first signal')}<ol class="timeline">${items.map((item) => itemHtml(item, scale))}</ol>`;
};
