import type { Sample } from '../../shared/model/series.ts';

const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

/** PromQL's functions over a range that Firebreak's conditions use, as its documentation defines them. */
const FUNCTIONS: Readonly<Record<string, (samples: readonly Sample[], share: number) => number>> = {
  count_over_time: (samples) => samples.length,
  avg_over_time: (samples) => samples.reduce((sum, { value }) => sum + value, 0) / samples.length,
  min_over_time: (samples) => Math.min(...samples.map(({ value }) => value)),
  stddev_over_time: (samples) => {
    const mean = samples.reduce((sum, { value }) => sum + value, 0) / samples.length;
    return Math.sqrt(samples.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / samples.length);
  },
  quantile_over_time: (samples, share) => {
    const values = sorted(samples.map(({ value }) => value));
    const rank = share * (values.length - 1);
    const [below = 0, above = 0] = [values[Math.floor(rank)], values[Math.ceil(rank)]];
    return below + (above - below) * (rank - Math.floor(rank));
  },
  deriv: (samples) => {
    const n = samples.length;
    const seconds = samples.map(({ at }) => (at - (samples[0]?.at ?? 0)) / 1000);
    const sx = seconds.reduce((sum, x) => sum + x, 0);
    const sy = samples.reduce((sum, { value }) => sum + value, 0);
    const sxy = samples.reduce((sum, { value }, i) => sum + (seconds[i] ?? 0) * value, 0);
    const sxx = seconds.reduce((sum, x) => sum + x * x, 0);
    return (n * sxy - sx * sy) / (n * sxx - sx * sx);
  },
};

const CALL = /([a-z_]+)\((?:([0-9.]+), )?\{[^}]*\}\[(\d+)m\] offset (\d+)m\)/g;

/**
 * Whether a series meets one of Firebreak's conditions at `until`: comparisons joined by `and`. Throws for any other
 * query.
 */
export const meets = (query: string, series: readonly Sample[], until: number): boolean =>
  query.split(' and ').every((comparison) => {
    const [whole, left = '', operator, right] = /^(.*) (>=|<=) ([0-9.]+)$/.exec(comparison) ?? [];
    if (whole === undefined) throw new Error(`not a comparison: ${comparison}`);
    const value = arithmetic(
      left.replace(CALL, (call, name: string, share: string | undefined, minutes: string, offset: string) => {
        const known = FUNCTIONS[name];
        if (known === undefined) throw new Error(`not a function: ${call}`);
        const to = until - Number(offset) * 60_000;
        const from = to - Number(minutes) * 60_000;
        return String(
          known(
            series.filter(({ at }) => at > from && at <= to),
            Number(share),
          ),
        );
      }),
    );
    return operator === '>=' ? value >= Number(right) : value <= Number(right);
  });

const NUMBER = '(-?[0-9.]+(?:e-?[0-9]+)?)';

const arithmetic = (text: string): number => {
  const [, one, operator, other] =
    new RegExp(`^(?:${NUMBER}|abs\\(${NUMBER}\\) \\* ${NUMBER}|${NUMBER} ([-/]) ${NUMBER})$`).exec(text) === null
      ? []
      : [undefined, ...termsOf(text)];
  if (one === undefined) throw new Error(`not arithmetic: ${text}`);
  if (operator === undefined) return Number(one);
  if (operator === '*') return Math.abs(Number(one)) * Number(other);
  return operator === '/' ? Number(one) / Number(other) : Number(one) - Number(other);
};

const termsOf = (text: string): [string, string?, string?] => {
  const product = new RegExp(`^abs\\(${NUMBER}\\) \\* ${NUMBER}$`).exec(text);
  if (product !== null) return [product[1] ?? '', '*', product[2] ?? ''];
  const two = new RegExp(`^${NUMBER} ([-/]) ${NUMBER}$`).exec(text);
  return two === null ? [text] : [two[1] ?? '', two[2] ?? '', two[3] ?? ''];
};
