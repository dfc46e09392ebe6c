import { makeDetector } from '../../../shared/detection/detector.ts';
import { isHeartbeatText } from '../../../shared/detection/heartbeat-text.ts';
import { readPayload } from '../../../shared/sources/registry.ts';
import { median } from '../median.ts';
import { traffic } from './traffic.ts';

// Reads and scores entries with every rule, as `firebreak score` does, and compares with JSON.parse of the same texts.
// Prints µs per entry.

const ROUNDS = Number(process.argv[2]);
const texts = traffic(Number(process.argv[3]));
const detector = makeDetector();
const NOW = Date.parse('2026-03-02T00:00:00.000Z');

let kept = 0;
const parse = (): void => {
  for (const text of texts) kept += JSON.parse(text) === null ? 1 : 0;
};
const score = (): void => {
  for (const text of texts) {
    if (isHeartbeatText(text)) continue;
    const { signal } = readPayload(JSON.parse(text), { now: NOW });
    if (signal !== undefined) kept += detector.see(signal, NOW).findings.length;
  }
};
const timed = (work: () => void): number => {
  const began = performance.now();
  work();
  return ((performance.now() - began) * 1000) / texts.length;
};

const [ours, theirs]: [number[], number[]] = [[], []];
for (let round = 0; round < ROUNDS + 2; round += 1) {
  const [one, other] = round % 2 === 0 ? [timed(score), timed(parse)] : [timed(parse), timed(score)].reverse();
  // The first two rounds are warm-up.
  if (round < 2 || one === undefined || other === undefined) continue;
  ours.push(one);
  theirs.push(other);
}
process.stdout.write(JSON.stringify({ score: median(ours), parse: median(theirs), entries: texts.length, kept }));
