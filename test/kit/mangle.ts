import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { makeDetector } from '../../shared/detection/detector.ts';
import { evaluate } from '../../shared/detection/evaluate.ts';
import { NO_HISTORY } from '../../shared/detection/history.ts';
import { historyNameOf, recallBy } from '../../shared/detection/recall.ts';
import { HISTORY_RULES } from '../../shared/detection/registry-history.ts';
import { readRules } from '../../shared/detection/rules-file.ts';
import { Malformed } from '../../shared/errors.ts';
import { finding } from '../../shared/model/finding.ts';
import { readPayload } from '../../shared/sources/registry.ts';
import { plain } from '../../shared/text.ts';
import { NOW } from '../fixtures/signals.ts';

/** Values that a stranger may send where something else is expected. */
const odd: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1e308,
    '',
    [],
    {},
    [[]],
    '../x',
    '\u0000\u202e',
    '__proto__',
    'constructor',
    'x'.repeat(70_000),
  ),
  fc.constantFrom<unknown>(
    'system:anonymous',
    'io.k8s.core.v1.pods.create',
    'core/v1/namespaces/shop/pods',
    '//container.googleapis.com/projects/p1/locations/europe-west1/clusters/c1/k8s/namespaces/a/pods/b',
    '2026-99-99T99:99:99Z',
    '-9223372036854775808',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.jsonValue({ maxDepth: 3 }),
);

type Change = { path: number[]; value: unknown; drop: boolean };
const change: fc.Arbitrary<Change> = fc.record({
  path: fc.array(fc.nat(12), { minLength: 1, maxLength: 7 }),
  value: odd,
  drop: fc.boolean(),
});

/** The payload with the value at `path` dropped or replaced. If the path ends early, its last value is changed. */
const mangled = (payload: unknown, { path, value, drop }: Change): unknown => {
  const [step, ...rest] = path;
  if (step === undefined || typeof payload !== 'object' || payload === null) return value;
  const entries = Object.entries(payload);
  const chosen = entries[step % Math.max(1, entries.length)];
  if (chosen === undefined) return value;
  const [key, inner] = chosen;
  const changed = entries.flatMap(([name, held]): Array<[string, unknown]> => {
    if (name !== key) return [[name, held]];
    return rest.length === 0 && drop ? [] : [[name, mangled(inner, { path: rest, value, drop })]];
  });
  return Array.isArray(payload) ? changed.map(([, held]) => held) : Object.fromEntries(changed);
};

/** One of the payloads, with up to four values dropped or replaced by unexpected ones. */
export const mangledOf = (payloads: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc
    .tuple(fc.constantFrom(...payloads), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([payload, changes]) => changes.reduce(mangled, payload));

/** A detector with rules about bodies, with lists, and with its own identity. */
const DETECTOR = makeDetector(
  readRules(`
domains: [example.com]
lists: [{ name: l, addresses: [203.0.113.0/24] }]
rules:
  - { id: of-bodies, title: t, reads: audit, severity: low, confidence: 0.1, family: spec, because: b, when: "request.spec.containers.exists(c, c.env.exists(e, e.name == c.image)) || labels.exists(l, labels[l] == name)" }
  - { id: of-alerts, title: t, reads: threat, severity: low, confidence: 0.1, family: spec, because: b, when: "commands.exists(c, c.like('*sh*'))" }
  - { id: of-use, title: t, reads: cpu, severity: low, confidence: 0.1, family: spec, because: b, when: "observed > threshold" }
`),
  ['system:anonymous'],
);

/**
 * Reads and scores a payload and checks the result: findings that fit the schema, or a Malformed with a printable
 * sentence. Returns the number of findings.
 */
export const score = (payload: unknown): number => {
  try {
    const { signal } = readPayload(payload, { now: NOW, place: { project: 'p1' } });
    if (signal === undefined) return 0;
    const told =
      signal.kind === 'audit'
        ? HISTORY_RULES.filter((rule) => historyNameOf(rule, signal) !== undefined).flatMap(
            (rule) => recallBy(rule, signal, NO_HISTORY).findings,
          )
        : [];
    const found = [...evaluate(signal, NOW), ...told];
    for (const one of [...found, ...DETECTOR.see(signal, NOW).findings]) finding.strict().parse(one);
    return found.length;
  } catch (thrown) {
    if (!(thrown instanceof Malformed)) throw thrown;
    assert.ok(thrown.message.length >= 10);
    assert.equal(plain(thrown.message, 500), thrown.message);
    return 0;
  }
};
