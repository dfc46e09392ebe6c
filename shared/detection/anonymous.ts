/** Entries of callers without a credential; some exports name those by what they were taken for alone. */
export const ANONYMOUS_FILTER = ['principalEmail', 'authoritySelector']
  .map((field) => `protoPayload.authenticationInfo.${field}=("system:anonymous" OR "system:unauthenticated")`)
  .join(' OR ');

/** Questions that are asked by creating something that is never stored. */
export const QUESTION = /^(authentication|authorization)\.k8s\.io$/;
