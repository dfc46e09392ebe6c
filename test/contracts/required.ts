/** Whether FIREBREAK_REQUIRE (`pubsub,firestore,...` or `all`) makes a test of `part` fail where it would be skipped. */
export const required = (part: string): boolean => {
  const parts = (process.env.FIREBREAK_REQUIRE ?? '').split(',').map((one) => one.trim());
  return parts.includes('all') || parts.includes(part);
};
