import type { Reader } from '../../lambda/contract/topics.ts';
import { Cloud } from '../../local/model/cloud.ts';
import type { InstanceRecord } from '../../local/model/instance.ts';
import { diceFor } from './dice.ts';
import type { History } from './history.ts';
import type { LifeSettings } from './settings.ts';
import { SELECTION } from './settings.ts';
import { BUCKET, StoredSilences } from './stored-silences.ts';
import { Timeline } from './timeline.ts';

/** When every life begins. */
export const BEGINNING = Date.UTC(2026, 10, 22, 12, 0, 0);

/** SNS refuses for good whatever holds this. */
export const POISON = '\u2620';

/** Answers that take their time. */
export interface Slowness {
  readonly service: string;
  readonly region?: string;
  readonly operation?: string;
  /** Only what is about this, such as the ARN of a topic. */
  readonly resource?: string;
  readonly ms: number;
  readonly until: number;
  /** Whether AWS does what is asked first, and then takes its time to say so. */
  readonly doneFirst: boolean;
}

/** One simulated account, its time, and what is known of all that happened in it. */
export class World {
  readonly settings: LifeSettings;
  readonly timeline = new Timeline(BEGINNING);
  readonly cloud: Cloud;
  readonly home: string;
  readonly topics: Readonly<Record<Reader, string>>;
  readonly history: History;
  readonly counts = new Map<string, number>();
  slow: Slowness[] = [];
  readonly silences: StoredSilences;
  /** What happened, for people to read; kept on request only. */
  readonly #story: string[] | undefined;

  constructor(settings: LifeSettings, { tellStory = false }: { readonly tellStory?: boolean } = {}) {
    this.settings = settings;
    this.home = settings.regions[0];
    this.cloud = new Cloud({
      now: this.timeline.now,
      random: diceFor(settings.seed, 'ids').random,
      regions: settings.regions.map((name) => ({ name, optInStatus: 'opted-in' })),
      durations: settings.durations,
      pageSizes: settings.pageSizes,
      versionsKept: 1,
    });
    this.cloud.store.createBucket(BUCKET);
    this.silences = new StoredSilences(this.cloud.store);
    this.topics = {
      Transitions: this.cloud.topics.create(this.home, 'transitions'),
      Alerts: this.cloud.topics.create(this.home, 'alerts'),
      Chat: this.cloud.topics.create(this.home, 'chat'),
    };
    this.history = {
      account: this.cloud.account,
      regions: settings.discovered ? 'all' : settings.regions,
      isCalm: settings.unrest.aws === 0 && settings.unrest.monitor === 0,
      interval: settings.everyMinutes * 60_000,
      outboxAtMost: settings.outboxAtMost,
      heldAtMost: this.heldAtMost,
      grouped: settings.silencing?.grouped ?? false,
      announcing: settings.announcing,
      topics: this.topics,
      sweeps: [],
      writes: [],
      messages: [],
      points: [],
      hintRecords: [],
      rewrites: [],
      optIns: settings.regions.map((region) => ({ at: 0, region, enabled: true })),
      lags: new Map(),
      journal: [],
      healthJournal: [],
      finally: [],
    };
    this.#story = tellStory ? [] : undefined;
  }

  /** How many announcements of a region silences hold back at most. */
  get heldAtMost(): number {
    return this.settings.silencing?.heldAtMost ?? 100;
  }

  /** Counts that something went wrong. */
  count(kind: string): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  }

  /** Adds a line to the story, with the time. */
  tell(line: () => string): void {
    this.#story?.push(`${new Date(this.timeline.now()).toISOString().slice(5, 23).replace('T', ' ')}  ${line()}`);
  }

  /** What happened, a line each; empty unless it was asked for. */
  get story(): readonly string[] {
    return this.#story ?? [];
  }

  /** The end of the history: what truly happened to the fleet, and what it came to under the selection deployed last. */
  conclude(selection: string): History {
    const { fleet } = this.cloud;
    this.history.journal = fleet.journal();
    this.history.healthJournal = fleet.healthJournal();
    this.history.finally = this.settings.regions.flatMap((region) =>
      fleet.instances(region).map((record) => ({
        id: record.instanceId,
        region,
        state: record.state,
        selected: isSelected(record, selection),
      })),
    );
    return this.history;
  }
}

/** Whether a listing under this selection has the instance in it. */
export function isSelected(record: InstanceRecord, selection: string): boolean {
  return selection === '' || (selection === SELECTION && record.tags['env'] === 'prod');
}
