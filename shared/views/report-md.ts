import { openAsk } from '../decision/open-ask.ts';
import { msOf } from '../model/time.ts';
import { askedTierText, askText } from './ask-text.ts';
import { tierText } from './incident-words.ts';
import { markdownBlock, markdownCode, markdownText } from './markdown.ts';
import { MARKS } from './marks.ts';
import { credentialsLine, reportCommands } from './report-commands.ts';
import { hashLine, type Manifest, type ReportFacts } from './report-facts.ts';
import { remainsOf } from './report-remains.ts';
import { doneText, happenedText, leftToDoText, sizeText } from './report-text.ts';
import type { Todo } from './report-todo.ts';
import { MORE_REQUESTS, senderText } from './sender-text.ts';
import { placeText, targetText } from './target.ts';
import { momentText as at, clockText, offsetText } from './time.ts';
import { timelineOf } from './timeline.ts';

const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');

const table = (heading: readonly string[], rows: ReadonlyArray<readonly string[]>): string =>
  [heading, heading.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const head = ({ incident, ruleOf, madeAt }: ReportFacts): string => {
  const { severity, confidence, state, held, decision, target, id, openedAt, summary } = incident;
  const asked = openAsk(incident, msOf(madeAt));
  const left = leftToDoText(incident, asked);
  return list([
    `**What happened:** ${markdownText(happenedText(incident, ruleOf))}`,
    `**What was done:** ${markdownText(doneText(incident))}`,
    `**What is asked:** ${[...(asked === undefined ? [] : [`${askText(asked)} Answer by ${at(asked.until)}`]), ...(left === '' ? [] : [markdownText(left)])].join('. ')}`,
    `**State:** ${state}${held === undefined ? '' : ', held'}${decision === null ? '' : `, ${tierText(decision)}`}, severity ${severity ?? 'not scored'}${confidence === null ? '' : `, confidence ${confidence.toFixed(2)}`}`,
    `**Where:** ${markdownCode(placeText(target))}`,
    `**Who:** ${summary.principals.length === 0 ? 'nobody is named' : summary.principals.map((who) => markdownCode(who)).join(', ')}`,
    `**Incident:** ${markdownCode(id)}, opened ${at(openedAt)}, report made ${at(madeAt)}`,
  ]);
};

const timeline = ({ incident, requests }: ReportFacts): string =>
  table(
    ['when', '', 'what', 'on', 'facts', 'why'],
    timelineOf(incident, requests).map((item) => [
      item.at === undefined ? 'not begun' : `${clockText(item.at)} (${offsetText(item.offsetMs ?? 0)})`,
      MARKS[item.happening][1],
      `**${markdownText(item.title)}**`,
      item.subject === undefined ? '' : markdownCode(item.subject),
      [...(item.timing === undefined ? [] : [item.timing]), ...item.facts].map((fact) => markdownText(fact)).join(', '),
      item.because.map((why) => markdownText(why)).join('<br>'),
    ]),
  );

const decision = ({ incident, requests, moreRequests }: ReportFacts): string => {
  const { decision, answered = [] } = incident;
  const lines = [
    ...(decision === null
      ? ['nothing was decided']
      : [
          `**${decision.verdict}: ${decision.tier}**${decision.asked === undefined ? '' : `, asks for ${askedTierText(decision.asked)}`}, ${at(decision.at)}, by policy ${markdownCode(decision.policyHash)}`,
          ...decision.because.map((why) => markdownText(why)),
        ]),
    ...answered.map((a) => `${at(a.at)}: ${a.tier} ${a.outcome} by ${markdownText(a.by)}`),
    ...requests.map(
      ({ request, firstSeenAt, state, outcome, operator }) =>
        `${at(firstSeenAt)}: **${request?.action ?? 'unreadable'}** by ${markdownText(senderText({ request, operator }))}, because ${markdownText(request?.reason ?? 'of what cannot be read')} (${state}${outcome === undefined ? '' : `: ${markdownText(outcome)}`})`,
    ),
    ...(moreRequests ? [MORE_REQUESTS] : []),
  ];
  return list(lines);
};

const todo = ({ text, commands }: Todo): string =>
  commands.length === 0 ? `- ${markdownText(text)}` : `- ${markdownText(text)}\n\n${markdownBlock(commands, 'sh')}\n`;

const remains = (facts: ReportFacts): string =>
  remainsOf(facts)
    .map(({ title, todos }) => `### ${title}\n\n${todos.map(todo).join('\n')}`)
    .join('\n\n');

const steps = ({ incident }: ReportFacts): string =>
  incident.journal.length === 0
    ? 'Nothing was changed.'
    : table(
        ['step', 'on', 'state', 'proof', 'begun', 'why'],
        incident.journal.map((e) => [
          e.step,
          markdownCode(e.subject),
          MARKS[e.state][1],
          e.proof ?? '',
          at(e.startedAt),
          markdownText(e.because ?? ''),
        ]),
      );

const commands = ({ incident, hosts }: ReportFacts): string => {
  const begin = credentialsLine(incident);
  const typed = reportCommands(incident, hosts).map(({ entry, commands: lines, because }) =>
    [
      `**${entry.step}** ${markdownCode(entry.subject)} (${MARKS[entry.state][1]})${because === undefined ? '' : `: ${markdownText(because)}`}`,
      ...(lines.length === 0 ? [] : ['', markdownBlock(lines, 'sh')]),
    ].join('\n'),
  );
  return typed.length === 0
    ? 'Nothing was changed, so there is nothing to type.'
    : [...(begin === undefined ? [] : [markdownBlock([begin], 'sh')]), ...typed].join('\n\n');
};

const manifest = (one: Manifest): string => {
  const title = `**${markdownCode(one.subject)}**: ${markdownCode(one.key, 400)}`;
  if ('unread' in one) return `${title}\n\n${markdownText(one.unread)}`;
  const rows = one.kept.map((e) =>
    'missing' in e
      ? [markdownCode(String(e.name)), '', `not kept: ${markdownText(String(e.missing))}`]
      : [markdownCode(e.name), sizeText(e.size), markdownCode(e.sha256)],
  );
  return `${title}\n\n${table(['exhibit', 'size', 'SHA-256'], rows)}`;
};

const evidence = (facts: ReportFacts): string => {
  const { manifests, evidenceAt } = facts;
  if (manifests.length === 0) return 'Nothing was captured.';
  const line = hashLine(facts);
  return [
    ...(evidenceAt === undefined ? [] : [`In ${markdownCode(evidenceAt)}, never overwritten.`]),
    ...(line === undefined
      ? []
      : ['To hold a file against its hash below, the first one for example:', markdownBlock([line], 'sh')]),
    ...manifests.map(manifest),
  ].join('\n\n');
};

/** The report as Markdown, for a ticket or a repository. */
export const reportMarkdown = (facts: ReportFacts): string => {
  const parts: Array<[title: string, body: string]> = [
    ['Timeline', timeline(facts)],
    ['Decision', decision(facts)],
    ['What remains', remains(facts)],
    ['Steps', steps(facts)],
    ['What a person would have typed', commands(facts)],
    ['Evidence', evidence(facts)],
  ];
  const title = `# Incident report: ${markdownText(targetText(facts.incident.target))}`;
  return `${[title, head(facts), ...parts.map(([name, body]) => `## ${name}\n\n${body}`)].join('\n\n')}\n`;
};
