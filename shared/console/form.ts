import { z } from 'zod';
import { Malformed } from '../errors.ts';
import { type Request, request } from '../model/request.ts';
import type { Visitor } from './operator.ts';

const ACTIONS = ['approve', 'reject', 'release', 'close', 'halt', 'resume'] as const;

/** The fields of the console's forms. Strict: nothing else is passed on. */
const form = z.strictObject({
  do: z.enum(ACTIONS),
  token: z.string().max(100),
  id: z.string().regex(/^[0-9a-f]{16,64}$/),
  incident: z.string().optional(),
  plan: z.string().optional(),
  reason: z.string().max(1000).optional(),
});
type Form = z.infer<typeof form>;

/**
 * Reads the fields of a form.
 *
 * @throws Malformed, with a sentence, for a form that is not ours.
 */
export const readForm = (body: unknown): Form => {
  const read = form.safeParse(body);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new Malformed(`The form cannot be read: ${issue?.path.map(String).join('.') ?? ''} ${issue?.message ?? ''}`);
};

/**
 * The request that a form makes, in the name of the visitor and with the visitor's proof. Its id consists of the form's
 * id and the action, so that a form that is sent twice asks once.
 *
 * @throws Malformed, with a sentence, if operate would refuse the request as unreadable.
 */
export const requestOf = (asked: Form, visitor: Visitor): Request & { id: string } => {
  const { do: action, id, incident, plan, reason = '' } = asked;
  const isAnswer = action === 'approve' || action === 'reject';
  // To answer an ask, one click is enough; anything else needs a reason.
  const said = reason.trim() === '' && isAnswer ? `${action} in the console, without a further word` : reason;
  const made = {
    id: `console-${id}-${action}`,
    action,
    reason: said,
    requestedBy: visitor.email,
    ...(incident === undefined ? {} : { incident }),
    ...(plan === undefined ? {} : { plan }),
    ...(visitor.proof === undefined ? {} : { idToken: visitor.proof }),
  };
  const read = request.safeParse(made);
  if (read.success) return { ...read.data, id: made.id };
  const field = String(read.error.issues[0]?.path[0] ?? 'request');
  throw new Malformed(
    field === 'reason'
      ? 'Say why, in 1 to 1000 characters: nothing was done.'
      : `The ${field} cannot be read: nothing was done.`,
  );
};
