import { strict as assert } from 'node:assert';
import { cpuIncident } from '../../../../local/scenarios/monitoring-incident.ts';
import { evaluate } from '../../../../shared/detection/evaluate.ts';
import { minerSignsOf } from '../../../../shared/detection/miner-signs.ts';
import { busyMiner } from '../../../../shared/detection/rules/busy-miner.ts';
import type { CpuContext, CpuShape } from '../../../../shared/model/cpu-signal.ts';
import { type Finding, finding } from '../../../../shared/model/finding.ts';
import { readPayload } from '../../../../shared/sources/registry.ts';
import { NOW } from '../../../fixtures/signals.ts';
import { podOf } from '../../../kit/pods.ts';

const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };
const COURSE = { minutes: 60, mean: 0.98, variation: 0.004, spread: 0.01, slope: 0, low: 0.97 };

const seenIn = (
  container: Record<string, unknown>,
  of: { series?: CpuContext['series']; name?: string; shape?: CpuShape } = {},
): Finding[] => {
  const { shape = 'strong-plateau-hour', series = { shape, course: COURSE }, name = 'web-0' } = of;
  const on = { kind: 'pod', namespace: 'shop', pod: name, container: 'cart' } as const;
  const { signal } = readPayload(cpuIncident({ id: '0.a', cluster: CLUSTER, on, startedAt: NOW }), { now: NOW });
  assert.ok(signal?.kind === 'cpu' && signal.state === 'open');
  const signs = minerSignsOf(podOf({ name, container }));
  const context = { series, honest: [], telling: [], signs, notes: [] };
  return evaluate({ ...signal, context }, NOW, [busyMiner]).map((one) => finding.strict().parse(one));
};
const claims = (found: Finding[]) =>
  found.map(({ severity, confidence, conclusive = false }) => [severity, confidence, conclusive]);

describe('busy-miner', () => {
  const wallet = `4${'8'.repeat(1)}${'A'.repeat(93)}`;
  const runs: Array<[string, Record<string, unknown>]> = [
    ['a pool by its protocol', { args: ['-o', 'stratum+tcp://pool.example.com:3333'] }],
    ['options that only miners take', { command: ['./app', '--donate-level', '1'] }],
    ['a miner', { command: ['/usr/bin/xmrig'] }],
    ['a known pool', { args: ['--url', 'xmr.nanopool.org:14444'] }],
    ['a wallet', { args: ['-u', wallet] }],
    ['a pool in a variable', { env: [{ name: 'POOL_URL', value: 'stratum+ssl://pool.example.com:443' }] }],
  ];
  for (const [what, container] of runs) {
    it(`fires on ${what} in the pod behind the alert`, () => {
      const found = seenIn(container);
      assert.deepEqual(claims(found), [['critical', 0.97, true]]);
      assert.equal(found[0]?.family, 'spec');
      assert.match(found[0]?.because.join() ?? '', /is flat, like that of a miner/);
    });
  }

  it('is as confident as from the spec alone if the series is not flat or could not be read', () => {
    const [, container] = runs[0] ?? assert.fail();
    assert.deepEqual(claims(seenIn(container, { shape: 'threshold' })), [['critical', 0.95, true]]);
    const found = seenIn(container, { series: { unread: 'no right' } });
    assert.deepEqual(claims(found), [['critical', 0.95, true]]);
    assert.doesNotMatch(found[0]?.because.join() ?? '', /flat/);
  });

  it('believes a wallet in a variable, which shops have too, only where the series is flat', () => {
    const container = { env: [{ name: 'DONATIONS', value: wallet }] };
    assert.deepEqual(claims(seenIn(container)), [['critical', 0.97, true]]);
    assert.deepEqual(claims(seenIn(container, { shape: 'threshold' })), [['critical', 0.55, false]]);
  });

  it('is less confident about an image or a pod that only has the name of a miner', () => {
    assert.deepEqual(claims(seenIn({ image: 'docker.io/metal3d/xmrig:6' })), [['critical', 0.8, false]]);
    assert.deepEqual(claims(seenIn({}, { name: 'xmrig-0' })), [['critical', 0.55, false]]);
  });

  const near: Array<[string, Record<string, unknown>]> = [
    ['a service', {}],
    ['a page about mining', { args: ['--upstream', 'https://supportxmr.com/api'] }],
    ['a monitor that looks for miners', { command: ['sh', '-c', 'ps aux | grep xmrig'] }],
    ['a name that only holds that of a miner', { image: 'shop.example.com/xmrigger:1' }],
  ];
  for (const [what, container] of near) it(`does not fire on ${what}`, () => assert.deepEqual(seenIn(container), []));

  it('does not fire if the detector did not look around', () => {
    const on = { kind: 'node', node: 'n1' } as const;
    const { signal } = readPayload(cpuIncident({ id: '0.a', cluster: CLUSTER, on, startedAt: NOW }), { now: NOW });
    assert.ok(signal !== undefined);
    assert.deepEqual(evaluate(signal, NOW, [busyMiner]), []);
  });
});
