/**
 * Makes something at the first call and gives the same from then on; calls at the same time share one making. A making
 * that failed is tried again at the next call.
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
