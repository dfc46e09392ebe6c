import type { z } from 'zod';

/** The first thing that a schema does not accept: its path, or `top` where that is empty, and why. */
export const issueText = ({ issues: [issue] }: z.ZodError, top = 'body'): string =>
  issue === undefined ? 'unreadable' : `${issue.path.map(String).join('.') || top}: ${issue.message}`;
