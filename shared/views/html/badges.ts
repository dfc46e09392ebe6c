import type { Ask } from '../../model/decision.ts';
import type { Entry } from '../../model/entry.ts';
import type { Tier } from '../../model/ids.ts';
import type { Incident } from '../../model/incident.ts';
import type { IncidentState } from '../../model/notice.ts';
import { msOf, type Time } from '../../model/time.ts';
import { addedText } from '../ask-text.ts';
import { ageText, clockText, dayText, momentText } from '../time.ts';
import { foreign, type Html, html } from './escape.ts';

/** The severity of an incident or a finding: a word in a colour, never the colour alone. */
export const severityBadge = (severity: Incident['severity']): Html =>
  severity === null
    ? html`<span class="badge sev-none">requested</span>`
    : html`<span class="badge sev-${severity}">${severity}</span>`;

/**
 * A confidence from 0 to 1 with its name: beside a severity a bare number says nothing. Nothing where there is none.
 */
export const confidenceFigure = (confidence: number | null): Html | undefined =>
  confidence === null
    ? undefined
    : html`<span class="score">confidence <span class="figure">${confidence.toFixed(2)}</span></span>`;

export const stateBadge = (state: IncidentState): Html => html`<span class="state st-${state}">${state}</span>`;

/** Says of an incident that something holds it back; nothing where nothing does. */
export const heldTag = (held: Incident['held']): Html | undefined =>
  held === undefined ? undefined : html`<span class="tag warn">held</span>`;

export const tierTag = (tier: Tier): Html => html`<span class="tier t-${tier}">${tier}</span>`;

/** The tier of a decision. A dry run must not read as if something were done. */
export const decisionTags = (decision: Incident['decision']): Html | undefined =>
  decision === null
    ? undefined
    : html`${tierTag(decision.tier)}${decision.verdict === 'dry-run' ? html`<span class="tag">dry run</span>` : undefined}`;

/** How bad an incident is, and how far it has come. */
export const incidentBadges = ({ severity, confidence, state, decision, held }: Incident): Html =>
  html`${severityBadge(severity)}${confidenceFigure(confidence)}${stateBadge(state)}${decisionTags(decision)}${heldTag(held)}`;

export const proofTag = (proof: Entry['proof']): Html | undefined =>
  proof === null
    ? undefined
    : html`<span class="proof ${proof === 'proven' ? 'is-proven' : 'is-open'}">${proof}</span>`;

/** The name of an object, as written in its own system. */
export const name = (text: string, max = 300): Html => html`<code>${foreign(text, max)}</code>`;

/** How long ago a moment was. Where scripts run, the page keeps it up to date. */
export const ago = (at: Time, now: number): Html => {
  const age = ageText(now - msOf(at));
  return html`<time datetime="${at}" data-age>${age === 'now' ? 'just now' : `${age} ago`}</time>`;
};

/** How long it is until a moment. Where scripts run, the page keeps it up to date. */
export const left = (until: Time, now: number): Html =>
  html`<time datetime="${until}" data-left>${ageText(msOf(until) - now)} from now</time>`;

/** A moment for readers and for scripts: the time of day in UTC, with the day before it if `day` is set. */
export const moment = (at: Time, day = false): Html =>
  html`<time datetime="${at}" title="${momentText(at)}">${day ? html`${dayText(at)} ` : undefined}${clockText(at)}</time>`;

/** What an approval adds to the tier shown before it. */
export const addedPart = (asked: Ask): Html => {
  const added = addedText(asked).trim();
  return added === '' ? html`` : html` ${added}`;
};

/** What is being asked for: a tier, and what an approval adds to it. */
export const askTag = (asked: Ask): Html => html`${tierTag(asked.tier)}${addedPart(asked)}`;
