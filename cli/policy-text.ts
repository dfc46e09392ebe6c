import { COLUMNS } from '../shared/decision/assess.ts';
import type { Rules } from '../shared/decision/decide-tier.ts';
import type { At, matrixInForce } from '../shared/decision/matrix-in-force.ts';
import type { Policy } from '../shared/decision/policy.ts';
import type { Condition } from '../shared/decision/policy-parts.ts';
import { expiresAt, isExpired } from '../shared/decision/suppressions.ts';
import type { Decision } from '../shared/model/decision.ts';
import { counted, plain } from '../shared/text.ts';
import { tableText } from '../shared/views/table.ts';
import { wrap } from '../shared/views/wrap.ts';
import { type Io, tableColumns } from './io.ts';
import { paletteOf } from './palette.ts';

const cellText = ({ tier, asked }: Decision): string =>
  asked === undefined ? tier : tier === 'observe' ? `asks for ${asked.tier}` : `${tier}, asks for ${asked.tier}`;

const partText = (key: string, value: unknown): string => {
  if (key === 'atLeast') return `the tier is at least ${String(value)}`;
  if (key === 'hostReach') return `the pod ${value === true ? 'has' : 'does not have'} the node within reach`;
  return `${key} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`;
};

const whenText = (when: Condition): string =>
  plain(
    Object.entries(when)
      .map(([key, value]) => partText(key, value))
      .join(' and '),
    300,
  );

const budgetTexts = ({ minutes, nodes, percent, nodesPerPrincipal, workloads }: Policy['budgets']): string[] => {
  const within = `budget within ${counted(minutes, 'minute')}`;
  return [
    `${within}: ${counted(nodes, 'node')} of a cluster, and no more than ${percent} % of its nodes, but always one`,
    `${within}: ${counted(nodesPerPrincipal, 'node')} for the doings of one principal, unless the incident is critical`,
    `${within}: ${counted(workloads, 'workload')} of a namespace`,
    "beyond a budget, and on the last Ready node of a pool's zone, steps are held and an operator is asked",
  ];
};

const sourceTexts = (sources: Policy['sources']): string[] =>
  Object.entries(sources).flatMap(([id, { max }]) => {
    const most = [
      ...(max.severity === undefined ? [] : [max.severity]),
      ...(max.confidence === undefined ? [] : [`confidence ${max.confidence}`]),
    ];
    return most.length === 0 ? [] : [`refuses findings of ${id} that claim more than ${most.join(' or ')}`];
  });

const changeTexts = ({ overrides }: Policy): string[] =>
  overrides.map(
    ({ when, raise, limit, because }) =>
      `${raise === undefined ? `at most ${limit}` : `at least ${raise}`} where ${whenText(when)}: ${because}`,
  );

const additionTexts = ({ stopFirst, options }: Policy): string[] => [
  ...stopFirst.map(({ when, because }) => `keeps no evidence where ${whenText(when)}: ${because}`),
  ...options.map(({ when, add, because }) => `adds ${add.join(' and ')} where ${whenText(when)}: ${because}`),
];

const boundTexts = ({ protected: places, sources, operators: { another }, budgets }: Policy): string[] => [
  ...places.map(
    ({ namespace, workload, tier }) =>
      `at most ${tier} in namespace ${namespace}${workload === undefined ? '' : `, workload ${workload}`}: protected`,
  ),
  ...sourceTexts(sources),
  ...(another.length === 0 ? [] : [`a second operator has to approve ${another.join(', ')}`]),
  ...budgetTexts(budgets),
];

type Checked = {
  read: Rules & { path: string; shipped: boolean };
  at: At;
  matrix: ReturnType<typeof matrixInForce>;
  /** The patterns of its conditions that fit no rule. */
  unknown: readonly string[];
};

/** What a policy puts in force in one place, as text: the matrix, and every part that changes or bounds what it says. */
export const policyText = (io: Io, { read, at, matrix, unknown }: Checked): string => {
  const { policy, policyHash, path, shipped } = read;
  const { bold, dim, yellow } = paletteOf(io);
  const columns = tableColumns(io);
  const place = `${at.cluster === undefined ? '' : `cluster ${at.cluster}, `}namespace ${at.namespace}`;
  const heading = ['SEVERITY', ...COLUMNS.map((from) => (from === 0 ? 'BELOW 0.50' : `FROM ${from.toFixed(2)}`))];
  const rows = matrix.map(({ severity, cells }) => [severity, ...cells.map(cellText)]);
  const broken = (text: string, ink = (line: string): string => line): string[] =>
    wrap(text, columns - 2).map((line, n) => ink(n === 0 ? line : `  ${line}`));
  const suppressions = policy.suppressions.map((one) => {
    const line = `suppression of ${one.owner}, ${one.limit} at most until ${expiresAt(one)}, where ${whenText(one.when)}: ${one.reason}`;
    return isExpired(one, io.now()) ? broken(`expired: ${line}`, yellow) : broken(line);
  });
  return [
    ...broken(`${path}${shipped ? ' as shipped' : ''} is valid: mode ${policy.mode}, hash ${policyHash}`),
    '',
    ...broken(`What conclusive evidence on a pod of ${place} leads to, by its severity and confidence:`),
    tableText(heading.map(bold), rows, columns),
    ...(policy.mode === 'dry-run'
      ? ['', ...broken('Its mode is dry-run: every step is decided and recorded, and none is carried out.')]
      : []),
    ...(unknown.length === 0 ? [] : ['']),
    ...unknown.flatMap((pattern) =>
      broken(`no rule is called ${plain(pattern, 63)}, so what names it never holds: see firebreak rules`, yellow),
    ),
    '',
    ...changeTexts(policy).flatMap((line) => broken(line)),
    ...suppressions.flat(),
    ...additionTexts(policy).flatMap((line) => broken(line)),
    ...boundTexts(policy).flatMap((line) => broken(line, dim)),
  ].join('\n');
};
