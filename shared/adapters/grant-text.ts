/** What to do about a refused call. `isRight`: a permission is missing, about which `firebreak doctor` knows more. */
export const grantText = (isRight: boolean): string =>
  `Grant it${isRight ? ' (`firebreak doctor` says what to apply)' : ''}, or accept the refusal.`;
