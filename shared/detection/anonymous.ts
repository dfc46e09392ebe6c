/** Entries of callers without a credential. Some exports name such callers only in `authoritySelector`. */
export const ANONYMOUS_FILTER = ['principalEmail', 'authoritySelector']
  .map((field) => `protoPayload.authenticationInfo.${field}=("system:anonymous" OR "system:unauthenticated")`)
  .join(' OR ');

/** Questions that a client asks by creating an object that is never stored. */
export const QUESTION = /^(authentication|authorization)\.k8s\.io$/;
