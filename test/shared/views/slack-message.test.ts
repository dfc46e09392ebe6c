import { strict as assert } from 'node:assert';
import type { KnownBlock } from '@slack/types';
import fc from 'fast-check';
import type { Notice } from '../../../shared/model/notice.ts';
import { seenIn, slackBoard, slackEscaped, slackReply } from '../../../shared/views/slack-message.ts';
import { ASK, noticeOf } from '../../kit/notices.ts';
import { blocksOf } from '../../kit/slack-service.ts';

const HOSTILE = [
  '<!channel> <!here> <@U012AB3CD> <https://evil.example.com|firebreak> @channel @here #general',
  '&lt;!channel&gt; &amp;',
  '*bold* _it_ ~no~ `code` ```fence```\n> quoted :rotating_light:',
  'https://evil.example.com/approve',
  'a\u0000b\u001b[2Jc\u202ed\u200be',
  'x'.repeat(10_000),
  '<'.repeat(5000),
  '',
  ' ',
];

/** The parts of a message that Slack reads as markup, as opposed to literal text. */
const markupOf = (blocks: ReturnType<typeof blocksOf>): string[] =>
  blocks.flatMap((one) => {
    if (one.type === 'context') return one.elements.flatMap((e) => (e.type === 'mrkdwn' ? [e.text] : []));
    if (one.type === 'section')
      return [one.text, ...(one.fields ?? [])].flatMap((e) => (e?.type === 'mrkdwn' ? [e.text] : []));
    return [];
  });

describe('messages to Slack', () => {
  it('say of a dry run that it is one, in each part that is read alone', () => {
    const notice = noticeOf({ dryRun: true, state: 'open' });
    const { text, blocks } = slackBoard(notice, { seen: [], consoleUrl: undefined });
    assert.equal(text, '[dry run] high with confidence 0.90: pod shop/cart-7d9f: quarantine');
    const [header] = blocksOf(blocks);
    assert.ok(header?.type === 'header');
    assert.equal(header.text.text, 'HIGH: pod shop/cart-7d9f (dry run)');
    assert.ok(markupOf(blocksOf(blocks)).includes('*Tier*\nquarantine (dry run)'));
    assert.equal(slackReply(notice, { late: false, consoleUrl: undefined }).text, text);
  });

  it('name on a phone what they are about, once', () => {
    const textOf = (title: string): string =>
      slackReply(noticeOf({ title }), { late: false, consoleUrl: undefined }).text;
    assert.equal(
      textOf('high with confidence 0.90: pod shop/cart-7d9f: asks'),
      'high with confidence 0.90: pod shop/cart-7d9f: asks',
    );
    assert.equal(textOf('isolate carried out, proven'), '[high] pod shop/cart-7d9f: isolate carried out, proven');
  });

  it('say of a halt whether it holds, and nothing of an incident', () => {
    const about = { incident: 'halt', severity: null, tier: null, target: { project: 'p1' } } as const;
    const blocksFor = (state: Notice['state']) =>
      blocksOf(slackBoard(noticeOf({ ...about, state }), { seen: [], consoleUrl: undefined }).blocks);
    const [halted, resumed] = [blocksFor('open'), blocksFor('closed')];
    assert.deepEqual(
      [halted, resumed].map(([head]) => (head?.type === 'header' ? head.text.text : undefined)),
      ['project p1: everything is halted', 'project p1: resumed'],
    );
    assert.doesNotMatch(JSON.stringify(halted), /State|Tier|Severity/);
  });

  it('say what an approval adds to its tier', () => {
    const ask = { ...ASK, stopFirst: true, options: { forensics: true }, lifts: true } as const;
    const { blocks } = slackBoard(noticeOf({ kind: 'ask', ask }), { seen: [], consoleUrl: undefined });
    const added = `${ask.tier} without keeping evidence, with forensics, beyond the budget`;
    assert.ok(markupOf(blocksOf(blocks)).some((one) => one.startsWith(`*Approve ${added}?* Answer by `)));
  });

  it('stay within the limits, and never turn foreign text into a mention or a link', () => {
    const text = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 60 }));
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 60 }), text, fc.boolean(), (title, lines, plan, late) => {
        const notice = noticeOf({ title, lines, kind: 'ask', ask: { ...ASK, plan } });
        const consoleUrl = 'https://console.example.com';
        const seen = seenIn(notice);
        for (const said of [slackBoard(notice, { seen, consoleUrl }), slackReply(notice, { late, consoleUrl })]) {
          const links = markupOf(blocksOf(said.blocks)).flatMap((one) => one.match(/<[^>]*>/g) ?? []);
          assert.ok(
            links.every((one) => one.startsWith(`<${consoleUrl}/incidents/i-0123456789ab-1|`)),
            links.join(),
          );
          assert.doesNotMatch(said.text, /[<>]/);
          assert.ok(said.text.length <= 300);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('have blocks of the types that Slack defines', () => {
    const notice = noticeOf({ kind: 'ask', ask: ASK });
    const consoleUrl = 'https://console.example.com';
    const board: KnownBlock[] = slackBoard(notice, { seen: seenIn(notice), consoleUrl }).blocks;
    const reply: KnownBlock[] = slackReply(notice, { late: false, consoleUrl }).blocks;
    for (const blocks of [board, reply]) assert.deepEqual(blocksOf(blocks), blocks);
  });

  it('never cut a command, which would do something else or nothing', () => {
    const member = `serviceAccount:${'p'.repeat(30)}.svc.id.goog[${'n'.repeat(63)}/${'s'.repeat(63)}]`;
    const account = `${'a'.repeat(30)}@${'p'.repeat(30)}.iam.gserviceaccount.com`;
    const command = `$ gcloud iam service-accounts remove-iam-policy-binding ${account} --role=roles/iam.workloadIdentityUser --member='${member}'`;
    const said = slackReply(noticeOf({ lines: ['x'.repeat(600), command] }), { late: false, consoleUrl: undefined });
    assert.ok(JSON.stringify(said.blocks).includes(command));
    assert.ok(!JSON.stringify(said.blocks).includes('x'.repeat(300)));
  });

  it('escape by entities, and never cut an entity in half', () => {
    assert.equal(slackEscaped('a & <b>'), 'a &amp; &lt;b&gt;');
    for (let max = 2; max < 30; max += 1) {
      const cut = slackEscaped('<&><&><&><&>', max);
      assert.ok(cut.length <= max && !/&(?!amp;|lt;|gt;)/.test(cut), `${max}: ${cut}`);
    }
  });

  it('say how many lines they leave out', () => {
    const lines = Array.from({ length: 100 }, (_, i) => `line ${i}`);
    assert.match(
      JSON.stringify(slackReply(noticeOf({ lines }), { late: false, consoleUrl: undefined })),
      /and 60 more lines/,
    );
  });

  it('ask Slack to take every text as it is, and to find no links, mentions or emoji in it', () => {
    const notice = noticeOf({ kind: 'ask', ask: ASK, lines: ['@here see #general :skull:'] });
    const { blocks } = slackBoard(notice, { seen: seenIn(notice), consoleUrl: 'https://console.example.com' });
    const texts = blocks.flatMap((one) =>
      one.type === 'context' ? one.elements : 'fields' in one ? one.fields : [one.text],
    );
    assert.ok(texts.length > 5);
    for (const one of texts) assert.ok(one.type === 'mrkdwn' ? one.verbatim : one.emoji === false);
  });

  it('show on the board how the incident stands, what was seen, and how to answer an open question', () => {
    const shown = (notice: Notice, consoleUrl?: string) =>
      JSON.stringify(blocksOf(slackBoard(notice, { seen: ['a shell'], consoleUrl }).blocks));
    const console = 'https://console.example.com';
    const notice = noticeOf({ kind: 'ask', ask: ASK, state: 'asking', tier: 'quarantine', severity: 'high' });
    const asked = shown(notice, console);
    for (const part of ['*State*\\nasking', '*Tier*\\nquarantine', '*Severity*\\nhigh', `${notice.title}\\na shell`])
      assert.ok(asked.includes(part), `${part} in ${asked}`);
    for (const answer of ['approve', 'reject'])
      assert.ok(asked.includes(`firebreak ${answer} ${notice.incident} --plan ${ASK.plan}`), answer);
    assert.ok(asked.includes('|Approve or reject in the console>'));
    const quiet = shown(noticeOf({ tier: null, severity: null }), console);
    for (const part of ['*Tier*\\nnone', '*Severity*\\nnot scored', '|Open in the console>'])
      assert.ok(quiet.includes(part), `${part} in ${quiet}`);
    assert.doesNotMatch(quiet, /approve/i);
    assert.doesNotMatch(shown(noticeOf()), /console/);
  });

  it('ask in a reply only where its notice asks and nothing newer stands above', () => {
    const said = (over: Parameters<typeof noticeOf>[0], late: boolean) =>
      JSON.stringify(slackReply(noticeOf(over), { late, consoleUrl: undefined }));
    assert.match(said({ kind: 'ask', ask: ASK }, false), /firebreak approve/);
    assert.doesNotMatch(said({ kind: 'ask', ask: ASK }, false), /late:/);
    assert.doesNotMatch(said({ kind: 'ask', ask: ASK }, true), /firebreak approve/);
    assert.match(said({ kind: 'ask', ask: ASK }, true), /late: what is newer stands above/);
    assert.doesNotMatch(said({ ask: ASK }, false), /firebreak approve/);
  });

  it('put as many lines into a section as Slack takes, and no more', () => {
    const lines = Array.from({ length: 30 }, (_, n) => `${String(n).padStart(2, '0')}${'x'.repeat(248)}`);
    const { blocks } = slackReply(noticeOf({ lines }), { late: false, consoleUrl: undefined });
    const texts = blocks.flatMap((one) => (one.type === 'section' && 'text' in one ? [one.text.text] : [])).slice(1);
    assert.equal(texts.join('\n'), lines.join('\n'));
    assert.deepEqual(
      texts.map((text) => text.split('\n').length),
      [11, 11, 8],
    );
  });

  it('keep of the lines seen those that fit on the board', () => {
    const lines = Array.from({ length: 10 }, (_, n) => `${n}${'x'.repeat(199)}`);
    assert.deepEqual(seenIn(noticeOf({ lines })), lines.slice(0, 7));
    assert.deepEqual(seenIn(noticeOf({ lines: lines.slice(0, 2) })), lines.slice(0, 2));
    const raised = noticeOf({ kind: 'raised', lines: ['worse'] });
    assert.deepEqual(seenIn(raised, lines), ['worse', 'before that:', ...lines.slice(0, 7)]);
  });

  it('puts the reasons of a rise above those before it, and not twice where its notice is told again', () => {
    const raised = noticeOf({ kind: 'raised', lines: ['worse', 'isolate it is'] });
    const once = seenIn(raised, ['bad']);
    assert.deepEqual(once, ['worse', 'isolate it is', 'before that:', 'bad']);
    assert.deepEqual(seenIn(raised, once), once);
    assert.deepEqual(seenIn(noticeOf({ kind: 'info', lines: ['a step'] }), once), once);
  });
});
