import { median } from './median.ts';
import type { Raw } from './row.ts';

type Measure = () => Promise<number>;

const rounded = (values: readonly number[]): number[] => values.map((one) => Math.round(one * 1000) / 1000);

/**
 * Measures two things in alternating order, so that other work of the machine affects both alike. Resolves with the
 * ratio of their medians, and with all measurements.
 */
export const alternate = async (
  rounds: number,
  unit: string,
  [name, subject]: readonly [string, Measure],
  [otherName, other]: readonly [string, Measure],
): Promise<{ ratio: number; raw: Raw[] }> => {
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) {
      ours.push(await subject());
      theirs.push(await other());
    } else {
      theirs.push(await other());
      ours.push(await subject());
    }
  }
  return {
    ratio: median(ours) / median(theirs),
    raw: [
      { subject: name, unit, median: median(ours), values: rounded(ours) },
      { subject: otherName, unit, median: median(theirs), values: rounded(theirs) },
    ],
  };
};
