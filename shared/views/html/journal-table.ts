import type { Entry } from '../../model/entry.ts';
import type { Host } from '../../model/host.ts';
import type { Incident } from '../../model/incident.ts';
import { beforeOf } from '../before-image.ts';
import { MARKS } from '../marks.ts';
import { between, durationText } from '../time.ts';
import { isTakenBack } from '../timeline.ts';
import { moment, name, proofTag } from './badges.ts';
import { block, foreign, type Html, html } from './escape.ts';

const took = ({ startedAt, endedAt, state }: Entry): string => {
  if (endedAt === undefined) return 'not ended';
  return isTakenBack(state) ? '' : durationText(between(startedAt, endedAt));
};

const folded = (title: string, about: string, text: string): Html =>
  html`<details><summary>${title}<span class="hidden"> ${foreign(about)}</span></summary>${block(text)}</details>`;

/**
 * The details of an entry that can be unfolded: what was there before, and the calls whose operation is still recorded.
 */
const more = (entry: Entry, hosts: ReadonlyMap<string, Host>): Html | undefined => {
  const before = beforeOf(entry, hosts);
  const about = `${entry.step} on ${entry.subject}`;
  const parts = [
    ...(before === undefined || Object.keys(before).length === 0
      ? []
      : [folded('what was there before', about, JSON.stringify(before, null, 2))]),
    ...(entry.operation === undefined ? [] : [folded('operation', about, entry.operation)]),
  ];
  return parts.length === 0 ? undefined : html`<div class="more">${parts}</div>`;
};

const row = (entry: Entry, hosts: ReadonlyMap<string, Host>): Html => {
  const [symbol, word] = MARKS[entry.state];
  return html`<li class="entry ev-${entry.state}">
<div class="head"><span class="mark" aria-hidden="true">${symbol}</span> <span class="word">${word}</span> <strong>${entry.step}</strong> ${name(entry.subject)} ${proofTag(entry.proof)}</div>
<p class="facts"><span>begun ${moment(entry.startedAt, true)} UTC</span>${
    entry.endedAt === undefined ? undefined : html`<span>ended ${moment(entry.endedAt)}</span>`
  }<span>${took(entry)}</span><span>goal ${entry.rev}</span>${
    entry.host === undefined ? undefined : html`<span>kept with ${name(entry.host)}</span>`
  }</p>
${entry.because === undefined ? undefined : html`<p>${foreign(entry.because, 1000)}</p>`}
${more(entry, hosts)}
</li>`;
};

/** The record of every step: state, proof, times, and what `release` would put back. `hosts` by id. */
export const journalTable = ({ journal }: Incident, hosts: ReadonlyMap<string, Host>): Html =>
  journal.length === 0
    ? html`<p>Nothing was changed.</p>`
    : html`<ol class="journal">${journal.map((entry) => row(entry, hosts))}</ol>`;
