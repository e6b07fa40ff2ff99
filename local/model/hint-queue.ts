import type { Fleet } from './fleet.ts';
import type { StateChange } from './instance.ts';
import { hex } from './random.ts';

/** How many of a hundred events are never delivered, and how many arrive twice: events are sent on a best effort basis. */
const LOST = 5;
const TWICE = 5;

/** From the change to the message: AWS says "near real time". */
const LATENCY_MS = { least: 500, most: 2_000 };

const STATE_CHANGE = 'EC2 Instance State-change Notification';

/** What a rule lets through to its queue, and how long that keeps it. */
export interface HintQueueSettings {
  /** Where the rule and the queue are. A rule sees the events of its own region. */
  readonly region: string;
  readonly account: string;
  readonly partition: string;
  /** Detail types of the rule's pattern. */
  readonly detailTypes: readonly string[];
  readonly retentionSeconds: number;
  /** Numbers in [0, 1): how long each event takes, and which are lost. */
  readonly random: () => number;
}

/** A message, as an event source mapping of SQS hands it to a function. */
export interface QueueRecord {
  readonly messageId: string;
  /** An event of EventBridge, as JSON. */
  readonly body: string;
  readonly attributes: { readonly SentTimestamp: string; readonly ApproximateReceiveCount: string };
  readonly eventSource: 'aws:sqs';
  readonly awsRegion: string;
}

/** A message on its way to the queue, or in it. */
interface Message {
  readonly arrivesAt: number;
  readonly body: string;
}

/**
 * EventBridge and the queue behind its rule. What EC2 says of changes from now on arrives seconds later, some of it twice, some
 * of it never.
 */
export class HintQueue {
  readonly #settings: HintQueueSettings;
  readonly #fleet: Pick<Fleet, 'journal'>;
  readonly #now: () => number;
  #messages: Message[] = [];
  #heard: number;

  /** @param now virtual time, ms since epoch */
  constructor(fleet: Pick<Fleet, 'journal'>, now: () => number, settings: HintQueueSettings) {
    this.#fleet = fleet;
    this.#now = now;
    this.#settings = settings;
    this.#heard = fleet.journal().length;
  }

  /** Takes messages that have arrived, oldest first. */
  take(atMost: number): readonly QueueRecord[] {
    const { region, retentionSeconds, random } = this.#settings;
    const now = this.#now();
    this.#hear();
    const kept = this.#messages.filter(({ arrivesAt }) => arrivesAt > now - retentionSeconds * 1000);
    const arrived = kept.filter(({ arrivesAt }) => arrivesAt <= now);
    const taken = arrived.toSorted((one, other) => one.arrivesAt - other.arrivesAt).slice(0, atMost);
    this.#messages = kept.filter((message) => !taken.includes(message));
    return taken.map(({ arrivesAt, body }) => ({
      messageId: uuid(random),
      body,
      attributes: { SentTimestamp: `${arrivesAt}`, ApproximateReceiveCount: '1' },
      eventSource: 'aws:sqs',
      awsRegion: region,
    }));
  }

  /** What changed since is sent, lost or sent twice. */
  #hear(): void {
    const { region, detailTypes, random } = this.#settings;
    const journal = this.#fleet.journal();
    if (journal.length === this.#heard) return;
    const changes = journal.slice(this.#heard);
    this.#heard = journal.length;
    for (const change of changes) {
      if (change.region !== region || !detailTypes.includes(STATE_CHANGE)) continue;
      const body = JSON.stringify(this.#eventOf(change));
      const fate = random() * 100;
      const copies = fate < LOST ? 0 : fate < LOST + TWICE ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) {
        const latency = LATENCY_MS.least + random() * (LATENCY_MS.most - LATENCY_MS.least);
        this.#messages.push({ arrivesAt: Math.round(change.at + latency), body });
      }
    }
  }

  /** "Amazon EC2 instance state change event", EC2 User Guide. */
  #eventOf({ region, instance, to, at }: StateChange): object {
    const { account, partition, random } = this.#settings;
    return {
      version: '0',
      id: uuid(random),
      'detail-type': STATE_CHANGE,
      source: 'aws.ec2',
      account,
      time: `${new Date(at).toISOString().slice(0, 19)}Z`,
      region,
      resources: [`arn:${partition}:ec2:${region}:${account}:instance/${instance}`],
      detail: { 'instance-id': instance, state: to },
    };
  }
}

function uuid(random: () => number): string {
  return [8, 4, 4, 4, 12].map((digits) => hex(random, digits)).join('-');
}
