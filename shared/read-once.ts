/** Options for a schema that is used once, at the start: compiled code, which zod makes otherwise, is not worth it. */
export const READ_ONCE = { jitless: true } as const;
