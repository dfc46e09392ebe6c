import { at, record, records, text } from '../../kubernetes/loose.ts';
import { writtenAt } from '../../kubernetes/patch.ts';
import { quote } from '../../text.ts';
import { callRule } from '../call-rule.ts';
import { type CallSignal, WRITES } from '../calls.ts';
import { shownDeed } from '../claim.ts';

/** What runs code in nginx, and what is on the controller's own disk. No setting of a site needs either. */
const RUNS =
  /_by_lua|\blua_package_|\bload_module\b|\bssl_engine\b|\bjs_import\b|\bperl_modules\b|\/run\/secrets\/|\/proc\/(?:self|\d|\$)|\/etc\/(?:ingress-controller|passwd|shadow)\b/i;
/** The end of one directive and another whole one after it: `; return 200 x;`. Options of cookies have no such form. */
const LEAVES = /[;{}]\s{0,64}[a-z_]{2,64}\s[^;{}]+[;{]/i;
/** Annotations that are meant to hold directives. */
const SNIPPET = /snippets?$/;

/** An Ingress that writes directives of its own into the settings of nginx. */
export const ingressInjection = callRule({
  id: 'ingress-injection',
  title: 'Ingress that takes over nginx',
  sees: 'An Ingress with an annotation for nginx, or a path, that runs code in nginx or names files of its controller, or that ends the directive it stands in and begins another. Snippets, where directives belong, count only for the first.',
  why: 'ingress-nginx copies annotations and paths into its settings (CVE-2021-25742, CVE-2023-5043, CVE-2025-1097, CVE-2025-1098, CVE-2025-24514, CVE-2026-3288). Whoever may write an Ingress runs code in the controller, whose account reads every secret of the cluster.',
  technique: [
    { id: 'T1190', name: 'Exploit Public-Facing Application' },
    { id: 'T1552.007', name: 'Unsecured Credentials: Container API' },
  ],
  severity: 'high',
  confidence: 0.8,
  family: 'network',
  falsePositives: ['Snippets that use Lua, where the controller allows snippets'],
  calls: [{ resources: ['networking.k8s.io/ingresses', 'extensions/ingresses'], verbs: WRITES }],
  example:
    'kubectl annotate ingress web nginx.ingress.kubernetes.io/auth-url=\'https://x/#;}}} ssl_engine "/proc/30/fd/9";\'',
  match: (signal) => {
    const found = [...annotationsOf(signal), ...pathsOf(signal)];
    if (found.length === 0) return undefined;
    return { because: [shownDeed(signal, 'wrote', 'write'), ...found.slice(0, 3)] };
  },
});

/** From where a value leaves its place on: an attacker may put much in front of it. */
const injectedBy = (value: string, isSnippet = false): string | undefined => {
  const found = RUNS.exec(value) ?? (isSnippet ? null : LEAVES.exec(value));
  return found === null ? undefined : quote(value.slice(found.index));
};

const annotationsOf = (signal: CallSignal): string[] =>
  Object.entries(record(writtenAt(signal, 'metadata', 'annotations')) ?? {}).flatMap(([key, value]) => {
    if (!key.includes('nginx') || typeof value !== 'string') return [];
    const injected = injectedBy(value, SNIPPET.test(key));
    return injected === undefined ? [] : [`the annotation ${quote(key, 120)} has ${injected}`];
  });

const pathsOf = (signal: CallSignal): string[] =>
  records(writtenAt(signal, 'spec', 'rules'))
    .flatMap((rule) => records(at(rule, 'http', 'paths')))
    .flatMap(({ path }) => {
      const injected = injectedBy(text(path) ?? '');
      return injected === undefined ? [] : [`a path has ${injected}`];
    });
