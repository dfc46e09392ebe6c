import { invalid } from './refusal.ts';

/** A filter's selection: one metric, one kind of resource, and required labels of the resource and of the platform. */
type Selection = {
  metric: string;
  resource?: string;
  labels: ReadonlyMap<string, string>;
  system: ReadonlyMap<string, string>;
};

const TERM =
  /^\s*(metric\.type|resource\.type|resource\.labels\.[a-z_]+|metadata\.system_labels\.[a-z_]+)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:$|AND\b)/;

/** Reads the simulated part of the filter language: terms of equality, joined by AND. */
export const readFilter = (filter: string): Selection => {
  const terms = new Map<string, string>();
  let rest = filter;
  while (rest.trim() !== '') {
    const term = TERM.exec(rest);
    if (term === null) throw invalid(`The supplied filter does not specify a valid combination: "${filter}".`);
    const [whole, selector = '', value = ''] = term;
    if (terms.has(selector)) throw invalid(`The supplied filter names ${selector} twice.`);
    terms.set(selector, value.replace(/\\(.)/g, '$1'));
    rest = rest.slice(whole.length);
  }
  const metric = terms.get('metric.type');
  if (metric === undefined)
    throw invalid(
      'The supplied filter does not specify a valid combination of metric and monitored resource descriptors.',
    );
  const resource = terms.get('resource.type');
  const under = (prefix: string): Map<string, string> =>
    new Map([...terms].flatMap(([key, value]) => (key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [])));
  return {
    metric,
    ...(resource === undefined ? {} : { resource }),
    labels: under('resource.labels.'),
    system: under('metadata.system_labels.'),
  };
};
