import { ingressInjection } from '../../../../shared/detection/rules/ingress-injection.ts';
import { ruleCases } from '../cases.ts';

const OF_NGINX = 'nginx.ingress.kubernetes.io';
const annotated = (key: string, value: string) => ({ metadata: { annotations: { [`${OF_NGINX}/${key}`]: value } } });
const routed = (path: string) => ({ spec: { rules: [{ http: { paths: [{ path, pathType: 'Exact' }] } }] } });
const ENGINE = 'https://login.example.com/#;}}}\nssl_engine ../../proc/30/fd/9;\n';
const BASE = {
  verb: 'patch',
  group: 'networking.k8s.io',
  resource: 'ingresses',
  namespace: 'shop',
  name: 'web',
  request: annotated('auth-url', ENGINE),
};

describe('rule ingress-injection', () => {
  ruleCases(ingressInjection, BASE, {
    fires: [
      ['a new one', { verb: 'create' }],
      ['of the older group', { group: 'extensions', version: 'v1beta1' }],
      [
        'from the name of a certificate',
        { request: annotated('auth-tls-match-cn', 'CN=a #(\n){}\n }}\nload_module x;') },
      ],
      [
        'behind the path it is rewritten to',
        { request: annotated('rewrite-target', '/$1"; return 200 "$http_cookie"; #') },
      ],
      [
        'in a path',
        { request: routed('/shop/{alias /var/run/secrets/kubernetes.io/serviceaccount/;}location ~* ^/x') },
      ],
      ['code in a snippet', { request: annotated('configuration-snippet', 'content_by_lua_block { ngx.say(1) }') }],
      ['the token in a snippet', { request: annotated('server-snippet', 'location /x { alias /run/secrets/; }') }],
      [
        'of another controller for nginx',
        { request: { metadata: { annotations: { 'nginx.org/server-snippets': 'js_import a from b;' } } } },
      ],
      [
        'by an operation on one annotation',
        {
          request: { patch: [{ op: 'add', path: `/metadata/annotations/${OF_NGINX}~1auth-url`, value: ENGINE }] },
          response: annotated('auth-url', ENGINE),
        },
      ],
      ['refused', { code: 7 }, { severity: 'medium', confidence: 0.7 }],
    ],
    misses: [
      [
        'a page to log in at',
        { request: annotated('auth-signin', 'https://$host/oauth2/start?rd=$escaped_request_uri') },
      ],
      ['options of cookies', { request: annotated('proxy-cookie-path', '/ "/; HTTPOnly; Secure; SameSite=None"') }],
      [
        'addresses on several lines',
        { request: annotated('whitelist-source-range', '192.0.2.0/24,\n198.51.100.7/32\n') },
      ],
      ['a pattern', { request: annotated('server-alias', '~^shop-[a-z]{2,8}[.]example[.]com$') }],
      [
        'headers in a snippet',
        { request: annotated('configuration-snippet', 'more_set_headers "a: b"; proxy_set_header a b;') },
      ],
      [
        'rules for requests',
        {
          request: annotated('modsecurity-snippet', 'Include /etc/nginx/owasp-modsecurity-crs/nginx-modsecurity.conf'),
        },
      ],
      ['a path', { request: routed('/api/v[0-9]{1,2}/orders(/|$)(.*)') }],
      ['the annotation of another program', { request: { metadata: { annotations: { note: 'a; load_module x;' } } } }],
      ['taken away', { request: { metadata: { annotations: { [`${OF_NGINX}/auth-url`]: null } } } }],
      ['its status', { subresource: 'status' }],
      ['no annotations', { request: { metadata: { annotations: 'load_module x;' }, spec: { rules: 'x' } } }],
    ],
  });
});
