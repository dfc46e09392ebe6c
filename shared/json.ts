/** The value of a JSON text; undefined where the text is not JSON. */
export const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Whether a value of JSON is an object: no list, and not null. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object or a list: a value that may contain others. */
export type Held = Readonly<Record<string, unknown>> | unknown[];
/** Whether a value of JSON is an object or a list. */
export const isHeld = (value: unknown): value is Held => typeof value === 'object' && value !== null;

/**
 * Whether an object or list is nested more than `left` levels deep; it is not followed any deeper. This runs for every
 * entry, most of which is read nowhere else, so it makes no lists of values, and no call for a value that cannot
 * contain others.
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
