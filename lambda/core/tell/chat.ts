import type { MessageAttributes, Severity } from '../../contract/message.ts';
import type { News } from './news.ts';
import type { Notice, Section } from './notice.ts';
import { plain } from './phrases.ts';

/**
 * What Amazon Q Developer shows in Slack and Microsoft Teams. It drops, without a word, what does not fit its schema.
 * "Custom notifications using Amazon Q Developer in chat applications", Amazon Q Developer in chat applications User Guide.
 */
export interface ChatCard {
  readonly version: '1.0';
  readonly source: 'custom';
  readonly id: string;
  readonly content: {
    readonly textType: 'client-markdown';
    readonly title: string;
    readonly description: string;
    readonly nextSteps: readonly string[];
    readonly keywords: readonly string[];
  };
  readonly metadata: {
    readonly threadId: string;
    readonly summary: string;
    readonly eventType: string;
    readonly additionalContext: Readonly<Record<string, string>>;
  };
}

/** Limits of the schema, in characters. */
export const CHAT_LIMITS = { title: 250, description: 8000 } as const;

const SYMBOLS = { info: '🟢', warning: '🟠', critical: '🔴', closed: '✅' } as const;

/**
 * News as a chat card.
 *
 * @param id of the message; the same when it is sent again
 * @param attributes of the message
 */
export function cardOf(news: News, id: string, attributes: MessageAttributes, test = false): ChatCard {
  const headline = `${news.who} ${news.what}`;
  const title = `${test ? '[TEST] ' : ''}${SYMBOLS[news.isOver ? 'closed' : news.severity]} ${headline}`;
  const description = [
    ...(test ? ['This is a test: nothing happened.'] : []),
    `${news.whoExactly} ${news.what}.${news.why === undefined ? '' : ` Cause: ${news.why}.`}`,
    ...(news.advice === undefined ? [] : [news.advice]),
    // An arrow that no markup takes for its own.
    ...news.facts.map(([name, value]) => `${name}: ${value.replaceAll('->', '→')}`),
    ...news.named.map((row) => `• ${row.filter((cell) => cell !== '').join('  ')}`),
    ...(news.more === 0 ? [] : [`and ${news.more} more`]),
  ].join('\n');
  return card(id, news.thread, attributes, {
    title,
    description,
    summary: headline,
    nextSteps: [
      ...news.links.map(({ name, address, note }) => `${name}${note === undefined ? '' : ` (${note})`}: ${address}`),
      `What to do: ${news.runbook}`,
    ],
    keywords: [news.severity, attributes.region, attributes.to ?? attributes.condition].flatMap((word) => word ?? []),
  });
}

/** A card that says one thing. */
export function noticeCard(
  severity: Severity,
  { headline, explanation, facts, sections, account, runbook }: Notice,
  id: string,
  threadId: string,
  attributes: MessageAttributes,
): ChatCard {
  return card(id, threadId, attributes, {
    title: `${SYMBOLS[severity]} ${headline}`,
    description: [
      `${headline}. ${explanation}`,
      ...facts.flatMap(([name, value]) => (value === undefined ? [] : `${name}: ${plain(value)}`)),
      ...(account === undefined ? [] : [`Account: ${account}`]),
      ...sections.filter(({ rows }) => rows.length > 0).flatMap(sectionLines),
    ].join('\n'),
    summary: headline,
    nextSteps: [`What to do: ${runbook}`],
    keywords: [severity],
  });
}

/** What is needed to find a row of a table in a mail, in a line of a card. */
function sectionLines({ title, rows, more }: Section): string[] {
  return [
    ...(title === undefined ? [] : [`${title}:`]),
    ...rows.map((row) => `• ${row.filter((cell) => cell !== '').join('  ')}`.replaceAll('->', '→')),
    ...(more === 0 ? [] : [`and ${more} more`]),
  ];
}

/** What a card shows, as it is to be read: not escaped and of any length. */
interface Shown {
  readonly title: string;
  readonly description: string;
  readonly summary: string;
  readonly nextSteps: readonly string[];
  readonly keywords: readonly string[];
}

function card(id: string, threadId: string, attributes: MessageAttributes, shown: Shown): ChatCard {
  const { title, description, summary, nextSteps, keywords } = shown;
  return {
    version: '1.0',
    source: 'custom',
    id,
    content: {
      textType: 'client-markdown',
      title: escaped(title, CHAT_LIMITS.title),
      description: escaped(description, CHAT_LIMITS.description),
      nextSteps,
      keywords,
    },
    metadata: {
      threadId,
      summary: escaped(summary, CHAT_LIMITS.title),
      eventType: [attributes.kind].flat()[0] ?? '',
      // A tag, and a state that EC2 may invent, are texts of others.
      additionalContext: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [
          name,
          escaped(plain([value].flat().join(', ')), CHAT_LIMITS.description),
        ]),
      ),
    },
  };
}

/** Characters by which a Name could mention a whole channel. "Formatting text for app surfaces", Slack API. */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
]);

/** Text that chat shows as it is: no mention, no link. At most so many characters, never a part of one or of its escape. */
function escaped(text: string, most: number): string {
  // Without a link in Markdown.
  const characters = [...text.replaceAll('](', '] (')].map((character) => ESCAPES.get(character) ?? character);
  const whole = characters.join('');
  if (whole.length <= most) return whole;
  let cut = '';
  for (const character of characters) {
    if (cut.length + character.length >= most) break;
    cut += character;
  }
  return `${cut}…`;
}
