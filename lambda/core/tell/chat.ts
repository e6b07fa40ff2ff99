import type { MessageAttributes } from '../../contract/message.ts';
import type { News } from './news.ts';
import type { Notice } from './notice.ts';

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

const SYMBOLS = { info: '🟢', warning: '🟠', critical: '🔴' } as const;

/**
 * News as a chat card.
 *
 * @param id of the message; the same when it is sent again
 * @param attributes of the message
 */
export function cardOf(news: News, id: string, attributes: MessageAttributes, test = false): ChatCard {
  const headline = `${news.who} ${news.what}`;
  const title = `${test ? '[TEST] ' : ''}${SYMBOLS[news.severity]} ${headline}`;
  const description = [
    ...(test ? ['This is a test: nothing happened.'] : []),
    `${news.whoExactly} ${news.what}. Cause: ${news.why}.`,
    ...(news.advice === undefined ? [] : [news.advice]),
    // An arrow that no markup takes for its own.
    ...news.facts.map(([name, value]) => `${name}: ${value.replaceAll('->', '→')}`),
    ...news.named.map((row) => `• ${row.filter((cell) => cell !== '').join('  ')}`),
    ...(news.more === 0 ? [] : [`and ${news.more} more`]),
  ].join('\n');
  return {
    version: '1.0',
    source: 'custom',
    id,
    content: {
      textType: 'client-markdown',
      title: cut(escaped(title), CHAT_LIMITS.title),
      description: cut(escaped(description), CHAT_LIMITS.description),
      nextSteps: [
        ...news.links.map(({ name, address, note }) => `${name}${note === undefined ? '' : ` (${note})`}: ${address}`),
        `What to do: ${news.runbook}`,
      ],
      keywords: [news.severity, attributes.region, attributes.to].filter((word) => word !== undefined),
    },
    metadata: {
      threadId: news.thread,
      summary: cut(escaped(headline), CHAT_LIMITS.title),
      eventType: attributes.kind,
      additionalContext: { ...attributes },
    },
  };
}

/** A card that says one thing. */
export function noticeCard(
  { headline, explanation, account, runbook }: Notice,
  id: string,
  threadId: string,
  attributes: MessageAttributes,
): ChatCard {
  return {
    version: '1.0',
    source: 'custom',
    id,
    content: {
      textType: 'client-markdown',
      title: `${SYMBOLS.info} ${headline}`,
      description: escaped(`${headline}. ${explanation}\nAccount: ${account}`),
      nextSteps: [`What to do: ${runbook}`],
      keywords: ['info'],
    },
    metadata: { threadId, summary: headline, eventType: attributes.kind, additionalContext: { ...attributes } },
  };
}

/** Characters by which a Name could mention a whole channel, or dress up as a link. "Formatting text for app surfaces", Slack API. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('](', '] (');
}

/** At most so many characters, never half of one. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
