import { record } from './kubernetes/loose.ts';

/** Whether two JSON values are equal; an undefined field counts as missing. Faster than `isDeepStrictEqual`. */
export const alike = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    for (let n = 0; n < a.length; n += 1) if (!alike(a[n], b[n])) return false;
    return true;
  }
  const [one, other] = [record(a), record(b)];
  if (one === undefined || other === undefined) return false;
  for (const key in one) if (!alike(one[key], other[key])) return false;
  for (const key in other) if (one[key] === undefined && other[key] !== undefined) return false;
  return true;
};
