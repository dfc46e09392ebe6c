import type { Ask } from '../model/decision.ts';
import type { Incident } from '../model/incident.ts';
import type { Time } from '../model/time.ts';
import { reachLines } from '../views/ask-reach.ts';
import { withNotice } from './state.ts';

/** The incident with the notice of an ask: what its approval would reach, and why it is asked. */
export const withAskTold = (i: Incident, asked: Ask, title: string, because: readonly string[], at: Time): Incident =>
  withNotice(i, { kind: 'ask', title, lines: [...reachLines(i, asked), ...because] }, at);
