import { strict as assert } from 'node:assert';
import { setImmediate } from 'node:timers/promises';
import { Transient } from '../../shared/errors.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { Bus, Log } from '../../shared/ports.ts';
import { makePublishFindings } from '../../shared/publish-findings.ts';
import { REPLAY } from '../../shared/replay.ts';

const FINDING: Finding = {
  v: 1,
  id: 'f-1',
  rule: 'exec-into-pod',
  severity: 'high',
  confidence: 0.9,
  because: ['somebody opened a shell'],
  target: { project: 'p1', location: 'europe-west1', cluster: 'c1', namespace: 'shop', pod: 'cart-0' },
  at: '2026-03-02T10:16:00.000Z',
  source: 'gke-audit-log',
  family: 'exec',
};

const publishing = (send: (n: number) => Promise<string> = async (n) => String(n)) => {
  const sent: Array<{ body: unknown; attributes: Record<string, string> | undefined }> = [];
  let now = 1_000;
  const bus: Bus = { publish: (_topic, body, attributes) => send(sent.push({ body, attributes })) };
  const nothing = (): void => {};
  const log: Log = { info: nothing, warn: nothing, error: nothing, count: nothing };
  const publish = makePublishFindings({ bus, log, clock: { now: () => now } });
  const tell = (finding: Finding, attributes: Record<string, string> = {}): Promise<void> =>
    publish({ attributes }, { findings: [finding], allowed: [] });
  return {
    sent,
    tell,
    pass: (ms: number): void => {
      now += ms;
    },
  };
};

describe('publish findings', () => {
  it('publishes the same finding once a minute', async () => {
    const { sent, tell, pass } = publishing();
    await tell(FINDING);
    pass(59_999);
    await tell(FINDING);
    assert.equal(sent.length, 1);
    pass(1);
    await tell(FINDING);
    assert.equal(sent.length, 2);
  });

  it('publishes a finding again if anything in it has changed', async () => {
    const { sent, tell } = publishing();
    await tell(FINDING);
    await tell({ ...FINDING, confidence: 0.95 });
    await tell({ ...FINDING, target: { ...FINDING.target, uid: 'u-1' } });
    assert.equal(sent.length, 3);
  });

  // The message is acknowledged when this resolves, so it must not resolve before the bus has accepted the finding.
  it('makes a duplicate wait for the first publishing, and fail with it', async () => {
    const answers: Array<(error?: Error) => void> = [];
    const { sent, tell } = publishing(
      (n) =>
        new Promise((resolve, reject) => {
          answers.push((error) => (error === undefined ? resolve(String(n)) : reject(error)));
        }),
    );
    let done = 0;
    const count = (): void => {
      done += 1;
    };
    const both = [tell(FINDING).then(count), tell(FINDING).then(count)];
    await setImmediate();
    assert.deepEqual([sent.length, done], [1, 0]);
    answers[0]?.(new Transient('the bus is away'));
    const outcomes = await Promise.allSettled(both);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    const again = tell(FINDING);
    await setImmediate();
    assert.equal(sent.length, 2, 'what was not accepted is published again');
    answers[1]?.();
    await again;
  });

  // A replayed finding never runs anything by itself, so it must not suppress a finding that is delivered for the first
  // time.
  it('publishes every replay, and a live finding beside it', async () => {
    const { sent, tell } = publishing();
    await tell(FINDING, { [REPLAY]: 'dead-1' });
    await tell(FINDING);
    await tell(FINDING, { [REPLAY]: 'dead-1' });
    assert.deepEqual(
      sent.map(({ attributes }) => attributes?.[REPLAY]),
      ['dead-1', undefined, 'dead-1'],
    );
  });

  it('fails with a replay that the bus did not accept, and publishes it when its message comes again', async () => {
    const { sent, tell } = publishing((n) =>
      n === 1 ? Promise.reject(new Transient('the bus is away')) : Promise.resolve('2'),
    );
    await assert.rejects(tell(FINDING, { [REPLAY]: 'dead-1' }), Transient);
    await tell(FINDING, { [REPLAY]: 'dead-1' });
    assert.equal(sent.length, 2);
  });

  it('remembers only the newest findings', async () => {
    const { sent, tell } = publishing();
    await tell(FINDING);
    for (let n = 0; n < 20_000; n += 1) await tell({ ...FINDING, id: `f-${n + 2}` });
    const before = sent.length;
    await tell({ ...FINDING, id: 'f-2' });
    assert.equal(sent.length, before, 'the newest are remembered');
    await tell(FINDING);
    assert.equal(sent.length, before + 1, 'the oldest is not');
  });
});
