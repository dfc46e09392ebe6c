/** The value of a text of JSON, undefined where it is none. */
export const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** An object or a list: what may hold others. */
export type Held = Readonly<Record<string, unknown>> | unknown[];
export const isHeld = (value: unknown): value is Held => typeof value === 'object' && value !== null;

/**
 * Whether an object or list is nested deeper than `left` levels below it; it is not followed further than that, however deep
 * it is. This is done for every entry, and most of an entry is read nowhere else: so without lists of values, and without a
 * call for what can hold nothing.
 */
export const isDeep = (value: Held, left: number): boolean => {
  if (left < 0) return true;
  if (Array.isArray(value)) {
    for (const item of value) if (isHeld(item) && isDeep(item, left - 1)) return true;
    return false;
  }
  for (const key in value) {
    const item = value[key];
    if (isHeld(item) && isDeep(item, left - 1)) return true;
  }
  return false;
};
