import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { reportHtml } from '../../../shared/views/report-html.ts';
import { finding } from './fixtures.ts';
import { dryRun, everyStep, reportedIncident, reportFacts, requestsInOneName } from './report-fixtures.ts';

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><script>alert(1)</script>',
  '--><svg/onload=alert(1)>',
  'javascript:alert(1)',
  '\u202egnp.exe\u2066',
  'x'.repeat(10_000),
  '&lt;b&gt; &amp;',
];

const hostileFacts = (text: string) =>
  reportFacts({
    incident: reportedIncident({
      findings: [finding({ rule: text, because: [text], source: 'falco' })],
      summary: { count: 1, maxima: [], principals: [text] },
      journal: everyStep().map((e) => ({ ...e, subject: text, because: text, before: { [text]: text } })),
      held: { because: text, at: '2026-11-03T03:12:04.000Z' },
    }),
    valid: [
      {
        pod: text,
        exhibit: {
          serviceAccount: text,
          bindings: [{ kind: text, name: text }],
          secrets: [{ name: text }],
          node: [],
          unread: [text],
          revoke: [{ ends: text, command: text }],
        },
      },
    ],
    manifests: [{ subject: text, key: text, at: '2026-11-03T03:12:04.000Z', kept: [{ name: text, missing: text }] }],
    evidenceAt: text,
  });

/** Names of the elements of a page. */
const tagsOf = (page: string): Set<string> =>
  new Set([...page.matchAll(/<([a-z]+[0-9]?)[\s>]/gi)].map(([, tag]) => tag ?? ''));

describe('reportHtml', () => {
  const page = reportHtml(reportFacts());

  it('is one file that loads and runs nothing, as its own content security policy says', () => {
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    assert.ok(page.includes(`content="default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;;`));
    for (const tag of ['script', 'img', 'link', 'iframe', 'object', 'form', 'base'])
      assert.ok(!tagsOf(page).has(tag), tag);
    assert.doesNotMatch(style, /url\(|@import/);
    assert.doesNotMatch(page, /\ssrc=|\sstyle=|\son[a-z]+=/);
    const links = [...page.matchAll(/href="([^"]*)"/g)].map(([, href]) => href ?? '');
    assert.ok(
      links.every((href) => href.startsWith('#') || href.startsWith('https://attack.mitre.org/techniques/')),
      links.join(),
    );
  });

  it('contains timeline, decision, steps, evidence with hashes, commands and what remains', () => {
    for (const text of [
      'Reverse shell started in a pod',
      'high with confidence 0.90 is quarantine in the matrix',
      'ab'.repeat(32),
      'not kept: <bdi>the API server answered 403',
      'gcloud storage cat gs://p1-evidence/incidents/i-0a1b2c3d4e5f-1',
      'kubectl cordon gke-c1-pool-1-0a1b',
      'firebreak approve i-0a1b2c3d4e5f-1 --plan b7d0c4e19a52',
      'kubectl --context=gke_p1_europe-west1_c1 -n shop delete serviceaccount cart',
      'gcloud compute ssh gke-c1-pool-1-0a1b --project=p1 --zone=europe-west1-b --tunnel-through-iap',
      'delete-host on gke-c1-pool-1-0a1b failed: the group answered 403',
      'pods/exec',
    ]) {
      assert.ok(page.includes(text), text);
    }
  });

  it('has a target for every internal link, and closes every element that it opens', () => {
    for (const [, id] of page.matchAll(/href="#([^"]*)"/g)) assert.ok(page.includes(`id="${id}"`), id);
    const open: string[] = [];
    const empty = ['meta', 'rect', 'line', 'circle', 'path', 'br'];
    for (const [, slash, tag = ''] of page
      .replace(/<style>[\s\S]*?<\/style>/, '')
      .matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/gi)) {
      if (slash === '/') assert.equal(tag, empty.includes(tag) ? tag : open.pop());
      else if (!empty.includes(tag)) open.push(tag);
    }
    assert.deepEqual(open, []);
  });

  it('says of a dry run that it is one', () => {
    assert.match(
      reportHtml(reportFacts({ incident: dryRun() })),
      /quarantine<\/span><span class="tag">dry run<\/span>/,
    );
    assert.doesNotMatch(reportHtml(reportFacts()), /dry run<\/span>/);
  });

  it('names who asked by the proof of a request, else as a claim', () => {
    const asked = reportHtml(reportFacts({ requests: requestsInOneName() }));
    assert.deepEqual(
      [...asked.matchAll(/release<\/strong> by <bdi>(.*?)<\/bdi>/g)].map(([, who]) => who),
      ['ana@example.com (claimed)', 'bo@example.com'],
    );
  });

  it('escapes all foreign text', () => {
    const tags = [...tagsOf(page)];
    for (const text of HOSTILE) {
      const hostile = reportHtml(hostileFacts(text));
      const more = [...tagsOf(hostile)].filter((tag) => !tags.includes(tag));
      assert.deepEqual(more, [], text.slice(0, 40));
      assert.doesNotMatch(hostile, /\u202e|\u2066/);
      assert.ok(hostile.length < 1_000_000);
    }
  });

  it('lists the most severe finding first, and then the one with the highest confidence', () => {
    const found = [
      finding({ rule: 'low-and-sure', severity: 'low', confidence: 0.9 }),
      finding({ rule: 'critical-and-unsure', severity: 'critical', confidence: 0.6 }),
      finding({ rule: 'critical-and-sure', severity: 'critical', confidence: 0.8 }),
    ];
    const page = reportHtml(reportFacts({ incident: reportedIncident({ findings: found }) }));
    const list = page.slice(page.indexOf('<ol class="findings">'));
    const places = ['critical-and-sure', 'critical-and-unsure', 'low-and-sure'].map((rule) => list.indexOf(rule));
    assert.ok(places.every((place) => place > 0));
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
    );
  });

  it('is readable for an almost empty incident', () => {
    const bare = reportHtml(
      reportFacts({
        incident: reportedIncident({
          journal: [],
          findings: [],
          decision: null,
          subjects: [],
          summary: { count: 0, maxima: [], principals: [] },
        }),
        valid: [],
        manifests: [],
        evidenceAt: undefined,
      }),
    );
    for (const text of ['Nothing was decided', 'nothing to type', 'Nothing was captured'])
      assert.ok(bare.includes(text), text);
  });
});
