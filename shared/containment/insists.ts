/** Tries, of the five that a change gets after conflicts, that leave alone what others change meanwhile. */
const POLITE = 3;

/** Whether a step, or its undo, insists after this many tries: whoever changes its object all the time cannot stop it. */
export const insistsAt = (tries: number): boolean => tries >= POLITE;
