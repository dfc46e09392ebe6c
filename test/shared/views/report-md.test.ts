import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { markdownBlock, markdownCode, markdownText } from '../../../shared/views/markdown.ts';
import { reportHtml } from '../../../shared/views/report-html.ts';
import { reportMarkdown } from '../../../shared/views/report-md.ts';
import { finding } from './fixtures.ts';
import { dryRun, reportedIncident, reportFacts, requestsInOneName } from './report-fixtures.ts';

describe('reportMarkdown', () => {
  it('equals golden/report-md.txt', () => {
    const file = new URL('golden/report-md.txt', import.meta.url);
    const text = reportMarkdown(reportFacts());
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, text);
    assert.equal(text, readFileSync(file, 'utf8'));
  });

  it('says of a dry run that it is one', () => {
    assert.match(
      reportMarkdown(reportFacts({ incident: dryRun() })),
      /^- [*][*]State:[*][*] \w+, quarantine [(]dry run[)], severity/m,
    );
  });

  it('names who asked by the proof of a request, else as a claim', () => {
    const text = reportMarkdown(reportFacts({ requests: requestsInOneName() }));
    assert.deepEqual(
      [...text.matchAll(/release[*][*] by (.*), because/g)].map(([, who]) => who),
      ['ana&#64;example.com (claimed)', 'bo&#64;example.com'],
    );
  });

  it('says where there are more requests than it shows', () => {
    const requests = requestsInOneName();
    for (const write of [reportMarkdown, reportHtml]) {
      assert.match(write(reportFacts({ requests, moreRequests: true })), /more requests about this incident/);
      assert.doesNotMatch(write(reportFacts({ requests })), /more requests about this incident/);
    }
  });

  it('keeps its tables and blocks intact whatever a stranger wrote', () => {
    const lines = (text: string): number => {
      const because = [text];
      const facts = reportFacts({ incident: reportedIncident({ findings: [finding({ because })] }) });
      return reportMarkdown(facts).split('\n').length;
    };
    const expected = lines('harmless');
    for (const text of ['a | b\n| c |', '```\n# heading', '<script>', '[a](javascript:b)', '\\|', 'a\r\n\r\n---']) {
      assert.equal(lines(text), expected, text);
    }
  });
});

describe('text in Markdown', () => {
  it('cannot begin markup, a link, a mention or a tag', () => {
    const cases: Array<[text: string, written: string]> = [
      ['*a* _b_ `c` ~d~', '\\*a\\* \\_b\\_ \\`c\\` \\~d\\~'],
      ['[x](https://evil.example.com)', '\\[x\\](https&#58;//evil.example.com)'],
      ['www.evil.example.com', 'www&#46;evil.example.com'],
      ['<img src=x> &amp; @team', '&#60;img src=x&#62; &#38;amp; &#64;team'],
      ['# heading', '&#35; heading'],
      ['1. one', '1&#46; one'],
      ['2.3 s', '2.3 s'],
      ['- item', '&#45; item'],
      ['a | b', 'a \\| b'],
    ];
    for (const [text, written] of cases) assert.equal(markdownText(text), written);
  });

  it('keeps code inside its fence', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', 'a', ' ', '|', '\n'), maxLength: 30 }), (text) => {
        const inline = markdownCode(text);
        const [fence = ''] = /^`*/.exec(inline) ?? [];
        if (inline !== '') {
          const inside = inline.slice(fence.length, -fence.length);
          assert.ok(!new RegExp(`(^|[^\`])\`{${fence.length}}([^\`]|$)`).test(inside), inline);
          assert.doesNotMatch(inline, /[|\n]/);
        }
        const [first = '', ...rest] = markdownBlock([text]).split('\n');
        assert.equal(rest.filter((line) => line === first).length, 1);
        assert.equal(rest.at(-1), first);
      }),
    );
  });
});
