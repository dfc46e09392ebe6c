import type { Incident } from '../model/incident.ts';
import type { Time } from '../model/time.ts';
import { plain } from '../text.ts';
import { askedTierText } from './ask-text.ts';
import type { TimelineItem } from './timeline.ts';

/**
 * The decisions before the last one under which steps were begun. An incident keeps only the last; of the others their
 * notices tell. What a finding says itself is left out.
 */
const earlierItems = ({ outbox, findings, journal }: Incident, decidedAt: Time): TimelineItem[] => {
  const seen = new Set(findings.flatMap(({ because }) => because));
  const earlier = outbox.filter(({ kind, at }) => (kind === 'opened' || kind === 'raised') && at < decidedAt);
  return earlier.flatMap(({ at, tier, dryRun, lines, ask }, n) => {
    const until = earlier[n + 1]?.at ?? decidedAt;
    if (tier === null || !journal.some(({ startedAt }) => at <= startedAt && startedAt < until)) return [];
    const facts = [
      ...(dryRun === true ? ['dry run'] : []),
      ...(ask === undefined ? [] : [`asked for ${ask.tier}`]),
      'decided anew since',
    ];
    const because = lines.filter((line) => !seen.has(line)).map((line) => plain(line));
    return [{ at, happening: 'decided' as const, title: tier, facts, because }];
  });
};

/** What was decided, and why. */
export const decisionItems = (incident: Incident): TimelineItem[] => {
  const { decision } = incident;
  if (decision === null) return [];
  return [
    ...earlierItems(incident, decision.at),
    {
      at: decision.at,
      happening: 'decided',
      title: `${decision.verdict}: ${decision.tier}`,
      facts: [
        ...(decision.asked === undefined ? [] : [`asks for ${askedTierText(decision.asked)}`]),
        `policy ${plain(decision.policyHash).slice(0, 12)}`,
      ],
      because: decision.because.map((line) => plain(line)),
    },
  ];
};
