/**
 * Makes a value at the first call and returns the same value from then on. Calls at the same time share one attempt; a
 * failed attempt is repeated at the next call.
 */
export const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((thrown: unknown) => {
      made = undefined;
      throw thrown;
    });
    return made;
  };
};
