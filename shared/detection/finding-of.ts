import { hash } from 'node:crypto';
import type { Finding } from '../model/finding.ts';
import type { Target } from '../model/target.ts';
import type { Time } from '../model/time.ts';
import { plain } from '../text.ts';
import { toldOnce } from '../told-once.ts';
import type { Rule, Sighting } from './rule.ts';

/** A sighting with all its values filled in. */
export type Weighed = Required<Omit<Sighting, 'on' | 'refusal' | 'change'>>;

const MAX_SENTENCES = 20;
const MAX_SENTENCE = 1000;

/**
 * The finding of one rule on one target. Its id depends only on rule, event and target, so a redelivered event gets the
 * same id.
 */
export const findingOf = (
  rule: Pick<Rule, 'id' | 'family'>,
  signal: { event: string; at: Time; source: string },
  target: Target,
  weighed: Weighed,
): Finding => ({
  v: 1,
  id: idOf(rule.id, signal.event, target),
  rule: rule.id,
  severity: weighed.severity,
  confidence: weighed.confidence,
  because: weighed.because.slice(0, MAX_SENTENCES).map((sentence) => plain(sentence, MAX_SENTENCE)),
  target,
  at: signal.at,
  source: signal.source,
  family: rule.family,
  ...(weighed.conclusive ? { conclusive: true } : {}),
});

const idOf = (rule: string, event: string, target: Target): string =>
  `f-${hash('sha256', `${JSON.stringify([rule, event]).slice(0, -1)},${namedIn(target)}]`).slice(0, 24)}`;

/**
 * The fields of a target, sorted by name, as text. The last one is kept: several rules mostly report the same target
 * object.
 */
const namedIn = toldOnce((target: Target): string =>
  JSON.stringify(Object.entries(target).sort(([a], [b]) => (a < b ? -1 : 1))),
);
