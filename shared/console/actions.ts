import { isOver } from '../decision/correlate.ts';
import { openAsk } from '../decision/open-ask.ts';
import { PLAYBOOKS } from '../decision/playbooks.ts';
import { heldBecause, lasting, standing } from '../decision/state.ts';
import type { Ask } from '../model/decision.ts';
import type { Incident } from '../model/incident.ts';
import { counted } from '../text.ts';
import { liftedBy, reachLines } from '../views/ask-reach.ts';
import { addedPart, left, moment, tierTag } from '../views/html/badges.ts';
import { foreign, type Html, html } from '../views/html/escape.ts';
import { targetText } from '../views/target.ts';
import { formFields, reasonField, type Surroundings } from './page.ts';

const stepsOf = ({ tier, stopFirst, options }: Ask): string => {
  const taken = PLAYBOOKS[tier].filter(
    ({ only, evidence }) =>
      (only === undefined || options?.[only] === true) && !(evidence === true && stopFirst === true),
  );
  return [...new Set(taken.map(({ step }) => step))].join(', ');
};

const askForm = (incident: Incident, around: Surroundings): Html => {
  const asked = openAsk(incident, around.now);
  if (asked === undefined) return html``;
  const added = addedPart(asked);
  return html`<section class="card ask" aria-labelledby="asked">
<h2 id="asked">Approve ${tierTag(asked.tier)} on ${foreign(targetText(incident.target))}${added}?</h2>
<p>Answer by ${moment(asked.until)} UTC, ${left(asked.until, around.now)}; unanswered, it lapses${
    asked.by === undefined ? undefined : html`. ${foreign(asked.by)} asks for it: another operator must approve it`
  }.</p>
${asked.lifts === true ? html`<p>Held back: ${foreign(heldBecause(incident), 1000)}. An approval lifts the budgets for this incident.</p>` : undefined}
${reachLines(incident, asked).map((text) => html`<p>${foreign(text, 2000)}</p>`)}
${liftedBy(asked, incident).length > 0 ? undefined : html`<p class="dim">Its steps: ${stepsOf(asked)}.</p>`}
${
  around.stranger !== undefined
    ? undefined
    : html`<form class="act" method="post" action="/requests">${formFields(around, incident.id)}<input type="hidden" name="plan" value="${asked.plan}">${reasonField('answer-reason', false)}
<div class="buttons"><button class="primary" name="do" value="approve">Approve ${asked.tier}${added}</button><button name="do" value="reject">Reject</button></div></form>`
}
</section>`;
};

const endings = (incident: Incident, around: Surroundings): Html => {
  if (isOver(incident) || around.stranger !== undefined) return html``;
  const [taken, kept] = [standing(incident).length, lasting(incident)];
  const others =
    kept.length === 0 ? '' : `; what does not come back: ${[...new Set(kept.map(({ step }) => step))].join(', ')}`;
  const back =
    taken === 0
      ? `nothing ${others === '' ? 'is in force' : 'can be taken back'}, and nothing more is done${others}`
      : `takes back ${counted(taken, 'change')}, the last one first${others}`;
  const stays =
    taken === 0 ? 'nothing more is done' : 'what is in force stays, and this incident cannot be released afterwards';
  return html`<details class="card end"><summary>Release or close</summary>
<ul class="because"><li><strong>Release</strong>, for a false alarm: ${back}.</li><li><strong>Close</strong>, for what is dealt with: ${stays}.</li></ul>
<form class="act" method="post" action="/requests">${formFields(around, incident.id)}${reasonField('end-reason', true)}
<div class="buttons"><button name="do" value="release">Release</button><button class="danger" name="do" value="close">Close</button></div></form></details>`;
};

/**
 * What an operator may ask for now, as forms that work without a script. `data-version` identifies the open ask, so
 * that the script can tell a person who is typing that the ask has changed.
 */
export const actionsPart = (incident: Incident, around: Surroundings): Html => {
  const asked = openAsk(incident, around.now);
  const version = `${asked?.plan ?? 'none'}.${isOver(incident) ? 'over' : 'open'}`;
  return html`<div class="stack" data-live="actions" data-version="${version}"><p class="stale" role="alert" hidden>What is asked has changed since you began to write. <a href="/incidents/${incident.id}">Look at it again</a></p>
${askForm(incident, around)}
${endings(incident, around)}</div>`;
};
