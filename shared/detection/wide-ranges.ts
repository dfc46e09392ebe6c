import { type AddressRange, networkAround } from '../addresses.ts';

const MAX_RANGES = 10_000;

/** From 1/2^n of all addresses of a family on, ranges count as the internet: half of IPv4, an eighth of IPv6. */
const SHARE: Readonly<Record<AddressRange['bits'], bigint>> = {
  32: 1n,
  // Only an eighth of IPv6 is allocated at all: 2000::/3.
  128: 3n,
};

/**
 * Whether ranges, taken together, mean the internet: half of IPv4 or an eighth of IPv6. Two halves count like
 * `0.0.0.0/0`.
 */
export const isInternet = (ranges: readonly string[]): boolean => {
  const read = ranges.slice(0, MAX_RANGES).flatMap((one) => networkAround(one.trim()) ?? []);
  return ([32, 128] as const).some((bits) => {
    const own = read.filter((range) => range.bits === bits);
    return own.length > 0 && coveredBy(own) >= 1n << (BigInt(bits) - SHARE[bits]);
  });
};

/** How many addresses the ranges cover; an address in several ranges counts once. */
const coveredBy = (ranges: readonly AddressRange[]): bigint => {
  let [count, next] = [0n, 0n];
  for (const { value, bits, prefix } of ranges.toSorted((a, b) => (a.value < b.value ? -1 : 1))) {
    const end = value + (1n << BigInt(bits - prefix));
    const from = value > next ? value : next;
    if (end <= from) continue;
    count += end - from;
    next = end;
  }
  return count;
};
