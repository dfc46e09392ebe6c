import { strict as assert } from 'node:assert';
import { systemClock } from '../../../shared/adapters/clock.ts';
import { Transient } from '../../../shared/errors.ts';
import type { Notice } from '../../../shared/model/notice.ts';
import { ASK, INCIDENT, type NotifyKitOptions, noticeOf, notifyKit } from '../../kit/notices.ts';
import { SLACK_CHANNEL, SLACK_TOKEN, type SlackService, startSlack, textOf } from '../../kit/slack-service.ts';

const kitOf = (slack: SlackService, env: Record<string, string> = {}, options: NotifyKitOptions = {}) =>
  notifyKit({
    ...options,
    env: {
      FIREBREAK_SLACK_TOKEN: SLACK_TOKEN,
      FIREBREAK_SLACK_CHANNEL: SLACK_CHANNEL,
      FIREBREAK_SLACK_ENDPOINT: slack.address,
      ...env,
    },
  });

const CONSOLE = { FIREBREAK_CONSOLE_URL: 'https://firebreak.example.com' };

const story: Array<Partial<Notice>> = [
  { seq: 0 },
  { seq: 1, kind: 'ask', title: 'approve delete-workload?', ask: ASK },
  { seq: 2, kind: 'contained', state: 'contained', title: 'quarantine carried out, every change proven', ask: ASK },
  { seq: 3, kind: 'info', state: 'contained', title: 'delete-workload rejected by ana@example.com' },
];

describe('slack', () => {
  it('posts one thread for each incident, with a board that shows its state', async () => {
    await using slack = await startSlack();
    const { notify } = kitOf(slack);
    for (const one of story) await notify(noticeOf(one));
    const [board, ...others] = slack.boards();
    assert.ok(board !== undefined && others.length === 0);
    assert.equal(board.updates, 3);
    assert.match(textOf(board), /HIGH: pod shop\/cart-7d9f/);
    assert.match(textOf(board), /\*State\*\ncontained/);
    // The first notice stays visible above the thread.
    assert.match(textOf(board), /ana@example\.com ran a shell/);
    assert.match(textOf(board), /rejected by ana/);
    assert.deepEqual(
      slack.replies(board.ts).map((reply) => textOf(reply).split('\n')[0]),
      story.slice(1).map(({ title }) => title),
    );
  });

  it('reads the whole answer, in which Slack repeats a message at up to six bytes a letter', async () => {
    await using slack = await startSlack();
    const { notify } = kitOf(slack);
    const lines = Array.from({ length: 40 }, () => 'ж'.repeat(280));
    for (const one of [{ seq: 0 }, { seq: 1, lines }]) await notify(noticeOf(one));
    const [board = assert.fail('no board')] = slack.boards();
    assert.equal(slack.replies(board.ts).length, 1);
  });

  it('gives on the board the reasons of the last rise above those of the first notice, once', async () => {
    await using slack = await startSlack();
    const { notify } = kitOf(slack);
    const raised = noticeOf({
      seq: 1,
      kind: 'raised',
      tier: 'isolate',
      lines: ['it started a miner', 'isolate it is'],
    });
    for (const one of [noticeOf({ seq: 0 }), raised, raised]) await notify(one);
    await notify(noticeOf({ seq: 2, kind: 'contained', state: 'contained', title: 'done', lines: ['a step'] }));
    const board = textOf(slack.boards()[0] ?? assert.fail('no board'));
    const reasons = 'it started a miner\nisolate it is\nbefore that:\nana@example.com ran a shell';
    assert.equal(board.split(reasons).length, 2, board);
    assert.equal(board.split('it started a miner').length, 2, board);
    assert.doesNotMatch(board, /a step/);
  });

  it('shows the ask on the board while it is open, and announces it to the whole channel', async () => {
    await using slack = await startSlack();
    const { notify } = kitOf(slack, CONSOLE);
    const asks: boolean[] = [];
    for (const one of story) {
      await notify(noticeOf(one));
      asks.push(textOf(slack.boards()[0] ?? assert.fail('no board')).includes('Approve delete-workload?'));
    }
    assert.deepEqual(asks, [false, true, true, false]);
    assert.deepEqual(
      slack.posts.map(({ broadcast }) => broadcast),
      [false, true, false, false],
    );
    const asked = textOf(slack.posts[1] ?? assert.fail('no ask'));
    const link = `<https://firebreak.example.com/incidents/${INCIDENT}|Approve or reject in the console>`;
    assert.ok(asked.includes(link), asked);
    assert.ok(
      asked.includes(`\`firebreak approve ${INCIDENT} --plan b7d0c4e19a52 --project p1 --reason "..."\``),
      asked,
    );
  });

  it('begins a new thread for a second halt, which has the same name as the first', async () => {
    await using slack = await startSlack();
    const { notify } = kitOf(slack);
    const halt = (seq: number, over: Partial<Notice> = {}): Notice =>
      noticeOf({ incident: 'halt', severity: null, tier: null, target: { project: 'p1' }, kind: 'info', seq, ...over });
    await notify(halt(1, { state: 'open', title: 'Halted by ana@example.com' }));
    await notify(halt(2, { state: 'closed', title: 'Resumed by ana@example.com' }));
    await notify(halt(3, { state: 'open', title: 'Halted by bo@example.com', lines: ['again'] }));
    await notify(halt(4, { state: 'open', kind: 'reminder', title: 'Halted by bo@example.com' }));
    const [first, second, ...others] = slack.boards();
    assert.ok(first !== undefined && second !== undefined && others.length === 0);
    assert.match(textOf(first), /Resumed by ana/);
    assert.match(textOf(second), /Halted by bo@example[.]com\nagain/);
    assert.deepEqual([slack.replies(first.ts).length, slack.replies(second.ts).length], [1, 1]);
    // What comes late, of the halt before, is no reason to begin again.
    await notify(halt(5, { state: 'closed', title: 'Resumed by bo@example.com' }));
    await notify(halt(0, { state: 'open', title: 'Halted by cy@example.com' }));
    assert.equal(slack.boards().length, 2);
  });

  it('contains no link if there is no console', async () => {
    await using slack = await startSlack();
    const { notify } = kitOf(slack);
    await notify(noticeOf({ ask: ASK, kind: 'ask' }));
    assert.doesNotMatch(textOf(slack.posts[0] ?? assert.fail('no post')), /</);
  });

  it('does not set the board back for an older notice, and still posts that notice', async () => {
    await using slack = await startSlack();
    const { notify } = kitOf(slack);
    await notify(noticeOf(story[0]));
    await notify(noticeOf(story[3]));
    const [board] = slack.boards();
    const before = textOf(board ?? assert.fail('no board'));
    await notify(noticeOf(story[1]));
    assert.equal(textOf(board ?? assert.fail()), before);
    assert.equal(board?.updates, 1);
    const [, late] = slack.replies(board?.ts ?? '');
    assert.match(
      textOf(late ?? assert.fail('the late one was lost')),
      /^approve delete-workload\?[\s\S]*late: what is newer/,
    );
    assert.equal(late?.broadcast, false);
  });

  it('opens one thread for notices that come at once', async () => {
    await using slack = await startSlack();
    const { deliver } = kitOf(slack, {}, { clock: systemClock });
    await Promise.all(story.flatMap((one) => [deliver(noticeOf(one)), deliver(noticeOf(one))]));
    assert.equal(slack.boards().length, 1);
    assert.equal(slack.posts.length, story.length);
  });

  it('loses no notice to failures, and repeats one only if the reply was lost', async () => {
    await using slack = await startSlack();
    const { deliver } = kitOf(slack);
    slack.faults.push('down', { status: 503, body: 'no' }, { status: 200, body: '<html>' });
    await deliver(noticeOf(story[0]));
    assert.equal(slack.boards().length, 1);
    // The update arrives and its reply is lost. The repeated update changes nothing.
    slack.faults.push('lost');
    await deliver(noticeOf(story[1]));
    assert.equal(slack.posts.length, 2);
    slack.faults.push(undefined, 'lost');
    await deliver(noticeOf(story[2]));
    const titles = slack.replies(slack.boards()[0]?.ts ?? '').map((reply) => textOf(reply).split('\n')[0]);
    assert.deepEqual(titles, [story[1]?.title, story[2]?.title, story[2]?.title]);
  });

  it('sends nothing to Slack for as long as Retry-After says', async () => {
    await using slack = await startSlack();
    const { notify, clock } = kitOf(slack);
    slack.faults.push({ status: 429, headers: { 'retry-after': '30' }, body: '{"ok":false,"error":"ratelimited"}' });
    await assert.rejects(
      notify(noticeOf()),
      (thrown) => thrown instanceof Transient && /alone for 30 s/.test(thrown.message),
    );
    await clock.sleep(15_000);
    await assert.rejects(notify(noticeOf()), /alone for 15 s/);
    assert.equal(slack.asked.length, 1);
    await clock.sleep(8000);
    await notify(noticeOf());
    assert.equal(slack.boards().length, 1);
  });

  it('opens a new thread if somebody deleted the board', async () => {
    await using slack = await startSlack();
    const { notify } = kitOf(slack);
    await notify(noticeOf(story[0]));
    slack.posts.length = 0;
    await notify(noticeOf(story[1]));
    await notify(noticeOf(story[2]));
    assert.deepEqual([slack.boards().length, slack.posts.length], [1, 2]);
  });

  it('posts plain text if Slack refuses the blocks', async () => {
    await using slack = await startSlack();
    const { notify } = kitOf(slack);
    slack.faults.push({ status: 200, body: '{"ok":false,"error":"invalid_blocks"}' });
    await notify(noticeOf());
    assert.deepEqual(
      slack.posts.map(({ text, blocks }) => [text, blocks.length]),
      [['high with confidence 0.90: pod shop/cart-7d9f: quarantine', 0]],
    );
  });

  it('reports a refusal without the token', async () => {
    await using slack = await startSlack();
    const wrong = 'xoxb-2222222222-zyxwvutsrq';
    const refused: Array<[env: Record<string, string>, sentence: RegExp]> = [
      [{ FIREBREAK_SLACK_TOKEN: wrong }, /slack: Slack refused chat\.postMessage in C0SECURITY: invalid_auth/],
      [
        { FIREBREAK_SLACK_CHANNEL: 'C0NOWHERE' },
        /slack: Slack refused chat\.postMessage in C0NOWHERE: channel_not_found/,
      ],
    ];
    for (const [env, sentence] of refused) {
      await assert.rejects(kitOf(slack, env).notify(noticeOf()), (thrown) => {
        assert.ok(thrown instanceof Transient);
        assert.match(thrown.message, sentence);
        assert.doesNotMatch(thrown.message, /xoxb/);
        return true;
      });
    }
  });
});
