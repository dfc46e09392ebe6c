import { strict as assert } from 'node:assert';
import { at, record } from '../../shared/kubernetes/loose.ts';

/** Whether a filter lets a log entry, as JSON, through. */
type Holds = (entry: unknown) => boolean;

const TOKEN = /\s+|--[^\n]*|"(?:[^"\\]|\\.)*"|=~|!~|!=|>=|<=|[()=:<>*]|[A-Za-z0-9_@./-]+/y;

const tokensOf = (text: string): string[] => {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const from = TOKEN.lastIndex;
    const token = TOKEN.exec(text)?.[0];
    assert.ok(token !== undefined, `not of the query language: ${text.slice(from, from + 40)}`);
    if (!/^(\s|--)/.test(token)) tokens.push(token);
  }
  return tokens;
};

/**
 * Reads the part of Cloud Logging's query language that Firebreak's filters use, according to its documentation: NOT
 * binds tightest, then OR, then AND, which may be omitted. Texts are compared without case, patterns with case. A
 * missing field fulfils no comparison, not even `!=`. Anything else is an error, so that no filter is misunderstood.
 */
export const parseFilter = (text: string): Holds => {
  const tokens = tokensOf(text);
  let next = 0;
  const peek = (): string | undefined => tokens[next];
  const take = (expected?: string): string => {
    const token = tokens[next];
    assert.ok(token !== undefined && (expected === undefined || token === expected), `expected ${expected ?? 'more'}`);
    next += 1;
    return token;
  };

  const all = (): Holds => {
    const parts = [any()];
    while (peek() !== undefined && peek() !== ')') {
      if (peek() === 'AND') take();
      parts.push(any());
    }
    return (entry) => parts.every((holds) => holds(entry));
  };
  const any = (): Holds => {
    const parts = [one()];
    while (peek() === 'OR') {
      take();
      parts.push(one());
    }
    return (entry) => parts.some((holds) => holds(entry));
  };
  const one = (): Holds => {
    if (peek() === 'NOT') {
      take();
      const holds = one();
      return (entry) => !holds(entry);
    }
    if (peek() !== '(') return comparison();
    take('(');
    const inner = all();
    take(')');
    return inner;
  };
  const comparison = (): Holds => {
    const field = take();
    if (field === 'log_id') {
      take('(');
      const id = quoted(take());
      take(')');
      return (entry) => new RegExp(`/logs/${id.replace('/', '(/|%2F)')}$`).test(textAt(entry, 'logName') ?? '');
    }
    assert.match(field, /^[A-Za-z][\w.]*$/);
    const operator = take();
    if (peek() !== '(') return compared(field, operator, take());
    take('(');
    const values = [take()];
    while (peek() === 'OR') {
      take();
      values.push(take());
    }
    take(')');
    const parts = values.map((value) => compared(field, operator, value));
    return (entry) => parts.some((holds) => holds(entry));
  };

  const whole = all();
  assert.equal(peek(), undefined, `left over: ${peek()}`);
  return whole;
};

const quoted = (token: string): string => {
  assert.match(token, /^"[^\\]*"$/, 'expected a quoted text without escapes');
  return token.slice(1, -1);
};

const valueAt = (entry: unknown, field: string): unknown => at(entry, ...field.split('.'));

const textAt = (entry: unknown, field: string): string | undefined => {
  const value = valueAt(entry, field);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
};

const compared = (field: string, operator: string, token: string): Holds => {
  if (operator === ':' && token === '*') return (entry) => valueAt(entry, field) !== undefined;
  const test = testOf(operator, token);
  return (entry) => {
    const found = textAt(entry, field);
    return found !== undefined && test(found);
  };
};

const testOf = (operator: string, token: string): ((found: string) => boolean) => {
  if (operator === '=~') {
    const pattern = re2(quoted(token));
    return (found) => pattern.test(found);
  }
  if (operator === '>') {
    const least = Number(token);
    assert.ok(Number.isFinite(least));
    return (found) => Number(found) > least;
  }
  const value = (token.startsWith('"') ? quoted(token) : token).toLowerCase();
  if (operator === '=') return (found) => found.toLowerCase() === value;
  if (operator === '!=') return (found) => found.toLowerCase() !== value;
  assert.equal(operator, ':', `${operator} is not understood here`);
  return (found) => found.toLowerCase().includes(value);
};

/** Compiles a pattern; refuses those that RE2 and JavaScript read differently. */
const re2 = (pattern: string): RegExp => {
  assert.doesNotMatch(pattern, /\\|\(\?(?!i\)|:)|[*+?}][+]/, 'RE2 reads this otherwise, or not at all');
  for (const [, most = '0'] of pattern.matchAll(/\{\d+,?(\d*)\}/g)) assert.ok(Number(most) <= 1000);
  return pattern.startsWith('(?i)') ? new RegExp(pattern.slice(4), 'i') : new RegExp(pattern);
};

const parsed = new Map<string, Holds>();

/**
 * Whether a filter lets an entry through. Fields missing in an entry cut out by hand are filled as GKE would write
 * them.
 */
export const isExported = (filter: string, entry: unknown): boolean => {
  const holds = parsed.get(filter) ?? parseFilter(filter);
  parsed.set(filter, holds);
  return holds({ logName: 'projects/p1/logs/cloudaudit.googleapis.com%2Factivity', ...record(entry) });
};
