import type { TransitionsDocument } from '../../lambda/contract/message.ts';
import type { Aws } from './aws.ts';
import type { Checks } from './checks.ts';
import type { Deployment } from './deployment.ts';
import { Queue, type Received } from './queue.ts';

/** What every subscriber got since it was last asked, in lines that can be read and compared. */
export interface News {
  /** `region name from -> to cause severity`, one for each transition. */
  readonly transitions: readonly string[];
  /** The same, as far as the filter policy lets it through. */
  readonly filtered: readonly string[];
  /** Subjects of mails. */
  readonly mails: readonly string[];
  /** `alarm state`. */
  readonly alarms: readonly string[];
}

/** A queue on every topic, and a second one with a filter policy on the topic for machines. */
export class Subscribers {
  readonly #checks: Checks;
  readonly transitions: Queue;
  readonly filtered: Queue;
  readonly alerts: Queue;
  readonly health: Queue;

  private constructor(checks: Checks, queues: readonly [Queue, Queue, Queue, Queue]) {
    this.#checks = checks;
    [this.transitions, this.filtered, this.alerts, this.health] = queues;
  }

  /** Subscribes them. */
  static async subscribe(aws: Aws, deployment: Deployment, checks: Checks): Promise<Subscribers> {
    const topic = (name: string) => deployment.output(`${name}Topic`);
    const filterPolicy = { region: ['eu-west-1'], severity: [{ 'anything-but': ['info'] }] };
    return new Subscribers(checks, [
      await Queue.subscribe(aws, 'transitions', topic('Transitions'), { raw: true }),
      await Queue.subscribe(aws, 'loud-in-europe', topic('Transitions'), { filterPolicy }),
      await Queue.subscribe(aws, 'alerts', topic('Alerts')),
      await Queue.subscribe(aws, 'health', topic('Health')),
    ]);
  }

  /** Takes everything out of the queues, and says what it was. */
  async news(): Promise<News> {
    const news = {
      transitions: (await this.transitions.drain()).flatMap(transitionsIn),
      filtered: (await this.filtered.drain()).flatMap(transitionsIn),
      mails: (await this.alerts.drain()).map(({ subject }) => subject ?? 'no subject'),
      alarms: (await this.health.drain()).map(alarmIn),
    };
    this.#checks.saw(
      ...news.transitions.map((line) => `Transitions     ${line}`),
      ...news.filtered.map((line) => `loud in Europe  ${line}`),
      ...news.mails.map((line) => `Alerts          ${line}`),
      ...news.alarms.map((line) => `Health          ${line}`),
    );
    return news;
  }
}

function transitionsIn({ body }: Received): string[] {
  const { region, transitions }: TransitionsDocument = JSON.parse(body);
  return transitions.map(
    ({ name, from, to, cause, severity }) => `${region} ${name} ${from} -> ${to} ${cause} ${severity}`,
  );
}

function alarmIn({ body }: Received): string {
  const { AlarmName, NewStateValue }: { AlarmName: string; NewStateValue: string } = JSON.parse(body);
  return `${AlarmName.match(/MonitorAlarms([A-Za-z]+?)[0-9A-F]{8}-/)?.[1] ?? AlarmName} ${NewStateValue}`;
}
