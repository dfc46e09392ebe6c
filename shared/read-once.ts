/** For what a start reads once: not worth code of its own, which zod would have compiled for every object. */
export const READ_ONCE = { jitless: true } as const;
