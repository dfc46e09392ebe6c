import { given } from '../shared/given.ts';
import { issueText } from '../shared/issue-text.ts';
import { type Request, request } from '../shared/model/request.ts';
import { firstSet, Usage } from './arguments.ts';
import type { Io } from './io.ts';

/** The claimed name of the person who asks: `--as`, else FIREBREAK_AS, else the session's user name. */
export const operatorOf = (io: Pick<Io, 'env'>, as: string | undefined): string => {
  const { FIREBREAK_AS, USER, LOGNAME, USERNAME } = io.env;
  const name = as ?? firstSet(FIREBREAK_AS, USER, LOGNAME, USERNAME);
  if (name === undefined || name.trim() === '') {
    throw new Usage('nobody is named as the one who asks: add --as ana@example.com.');
  }
  return name;
};

/** Checks a request before it is published, so that none is sent that operate would refuse as unreadable. */
export const checkedRequest = (parts: Record<string, unknown>): Request => {
  const read = request.safeParse(given(parts));
  if (read.success) return read.data;
  throw new Usage(`nothing was asked for: ${issueText(read.error, 'request')}.`);
};
