import type { Aws } from './aws.ts';
import type { Checks } from './checks.ts';
import type { EmulatedDeployment } from './emulated-deployment.ts';
import { Queue, type Received } from './queue.ts';
import { ALL_WISHES, linesIn, summaryOf, type WishName } from './routing.ts';

/** What every subscriber got since it was last asked, in lines that can be read and compared. */
export interface NewMessages {
  /** `region name from -> to cause severity`, one for each transition, and `region name condition status severity`. */
  readonly transitions: readonly string[];
  /** Subjects of mails. */
  readonly mails: readonly string[];
  /** Headlines of chat cards. */
  readonly cards: readonly string[];
  /** `alarm state`. */
  readonly alarms: readonly string[];
  /** What each filter policy lets through. Those that got nothing are left out. */
  readonly wishes: Readonly<Partial<Record<WishName, readonly string[]>>>;
}

/** A queue on every topic that gets all, and one for each of the {@link ALL_WISHES}. */
export class Subscribers {
  readonly #checks: Checks;
  readonly transitions: Queue;
  readonly alerts: Queue;
  readonly chat: Queue;
  readonly health: Queue;
  readonly wishes: Readonly<Record<WishName, Queue>>;

  private constructor(
    checks: Checks,
    [transitions, alerts, chat, health]: readonly [Queue, Queue, Queue, Queue],
    wishes: Readonly<Record<WishName, Queue>>,
  ) {
    this.#checks = checks;
    this.transitions = transitions;
    this.alerts = alerts;
    this.chat = chat;
    this.health = health;
    this.wishes = wishes;
  }

  /** Makes the queues: the stack subscribes some of them, so they have to be there first. */
  static async make(aws: Aws, checks: Checks): Promise<Subscribers> {
    const wishes: Partial<Record<WishName, Queue>> = {};
    // Where the stack subscribes to JSON, raw delivery: the body is the document itself.
    for (const [name, { by, topic }] of ALL_WISHES) {
      wishes[name] = await Queue.make(aws, name, { raw: by === 'stack' && topic === 'Transitions' });
    }
    return new Subscribers(
      checks,
      [
        await Queue.make(aws, 'transitions', { raw: true }),
        await Queue.make(aws, 'alerts'),
        await Queue.make(aws, 'chat'),
        await Queue.make(aws, 'health'),
      ],
      wishes as Record<WishName, Queue>,
    );
  }

  /** Subscribes all that the stack did not. */
  async subscribe(deployment: EmulatedDeployment): Promise<void> {
    const topic = (name: string) => deployment.output(`${name}Topic`);
    await this.transitions.subscribe(topic('Transitions'));
    await this.alerts.subscribe(topic('Alerts'));
    await this.chat.subscribe(topic('Chat'));
    await this.health.subscribe(topic('Health'));
    for (const [name, { topic: wanted, filter, by }] of ALL_WISHES) {
      if (by === 'test') await this.wishes[name].subscribe(topic(wanted), filter);
    }
  }

  /** Takes everything out of the queues, and says what it was. */
  async news(): Promise<NewMessages> {
    const wishes: Partial<Record<WishName, readonly string[]>> = {};
    for (const [name] of ALL_WISHES) {
      const lines = (await this.wishes[name].drain()).flatMap(linesIn);
      if (lines.length > 0) wishes[name] = lines.sort();
    }
    const news = {
      transitions: (await this.transitions.drain()).flatMap(linesIn),
      mails: (await this.alerts.drain()).map(({ subject }) => subject ?? 'no subject'),
      cards: (await this.chat.drain()).map(({ body }) => summaryOf(body)),
      alarms: (await this.health.drain()).map(alarmIn),
      wishes,
    };
    const say = (who: string, lines: readonly string[] = []) =>
      this.#checks.saw(...lines.map((line) => `${who.padEnd(17)} ${line}`));
    say('Transitions', news.transitions);
    say('Alerts', news.mails);
    say('Chat', news.cards);
    say('Health', news.alarms);
    for (const [name] of ALL_WISHES) say(`  ${name}`, wishes[name]);
    return news;
  }
}

function alarmIn({ body }: Received): string {
  const { AlarmName, NewStateValue }: { AlarmName: string; NewStateValue: string } = JSON.parse(body);
  return `${AlarmName.split('-').slice(1).join('')} ${NewStateValue}`;
}
