import type { Cause, Severity } from '../contract/message.ts';
import type { Instance, Instant, Scope, StateReason } from './instance.ts';

/** Version of the stored form. A newer one is refused, never overwritten. */
const SNAPSHOT_VERSION = 1;

/** Who a transition is announced to: each is a topic of its own, and each gets it in order. */
export const READERS = ['transitions', 'alerts', 'chat'] as const;

/** One of {@link READERS}. */
export type Reader = (typeof READERS)[number];

/** The way from one settled state to the next, as people are told of it. */
export interface Journey {
  /** The settled state it began in, and every state since. */
  readonly path: readonly string[];
  /** The first known cause on the way. */
  readonly cause: Cause;
  /** The loudest on the way. */
  readonly severity: Severity;
  /** How long it was in the state in which the way begins. Absent: that is not known. */
  readonly inFirstState?: Stay;
}

/** How long an instance was in a state, in milliseconds; `atLeast` when it was in it before the monitor watched. */
export interface Stay {
  readonly ms: number;
  readonly atLeast: boolean;
}

/** One instance, from one state to another. */
export interface Transition {
  /** The same whenever it is announced again: a hash of scope, baseline, sweep, generation, instance and sequence. */
  readonly id: string;
  /** Counts the transitions of the instance, from 1. */
  readonly sequence: number;
  /** Of the snapshot that recorded it. */
  readonly generation: number;
  /** Place among the transitions that one look found for the instance, from 0: keeps their order through the grouping. */
  readonly step: number;
  /** As the look saw it, with the tags that it had before where the answer had none. */
  readonly instance: Instance;
  /** `none`: the instance was not there before. */
  readonly from: string;
  readonly to: string;
  readonly inferred: boolean;
  readonly cause: Cause;
  readonly severity: Severity;
  /** Only one that belongs to this transition. */
  readonly reason?: StateReason;
  /** It did not happen before. Absent: nothing is known of the time before. */
  readonly after?: Instant;
  /** It had happened by then. */
  readonly before: Instant;
  /** How long it was in the old state. Absent: that is not known. */
  readonly inOldState?: Stay;
  /** Present when the look left the instance in a settled state: the whole way there. */
  readonly settled?: Journey;
  /** Not a transition but a notice: for so long the instance has been in `to`, on its way from `from`. */
  readonly stuck?: Stay;
  /** Who has not been told yet. Never empty in an outbox. */
  readonly owed: readonly Reader[];
}

/** An absence that is not explained yet. */
export interface Missing {
  /** The first look that did not see it. */
  readonly at: Instant;
  /** The last one that did. */
  readonly after: Instant;
  /** The first look since which EC2 does not know its id. Absent: it did when last asked, or was not asked. */
  readonly unfoundAt?: Instant;
}

/** What was last believed of one instance. */
export interface Known {
  readonly seen: Instance;
  /** How many transitions it had. */
  readonly sequence: number;
  /** When it entered its state, as near as is known. Absent: it must have entered it between two looks. */
  readonly since?: { readonly at: Instant; readonly atLeast: boolean };
  /** The way it is on. Absent while its state is settled. */
  readonly journey?: Journey;
  /** People have been told that it is stuck in its state. */
  readonly stuckTold?: true;
  /** A state that was seen and not believed: `at` the first look that saw it, `after` the last one that did not. */
  readonly doubted?: { readonly state: string; readonly at: Instant; readonly after: Instant };
  /** Present while listings miss it. */
  readonly missing?: Missing;
}

/** What was last seen in one scope, and what remains to be said of it. Immutable. */
export interface Snapshot {
  readonly scope: Scope;
  /** One higher at each write. */
  readonly generation: number;
  /** The sweep that wrote it: a writer recognises its own write by it. */
  readonly sweepId: string;
  /** When the last look began that this snapshot knows of. */
  readonly lookedAt: Instant;
  /** When the look began on which all the comparing since rests. */
  readonly baselineAt: Instant;
  /** Which instances were watched: text that is equal when the selection is. Empty: all. */
  readonly selection: string;
  /** When the first look began under this selection. */
  readonly selectedAt: Instant;
  /** Whether there ever was an instance: a scope that never had one publishes no zeros. */
  readonly hadInstances: boolean;
  readonly instances: ReadonlyMap<string, Known>;
  /** Transitions seen and not yet announced to all, oldest first. */
  readonly outbox: readonly Transition[];
  /** Who has not been told yet that this baseline was taken. */
  readonly baselineOwed: readonly Reader[];
}

/** The stored object cannot be understood. It is left as it is: whoever runs the monitor decides. */
export class UnreadableSnapshot extends Error {
  override readonly name = 'UnreadableSnapshot';
}

/** Instances in one piece of the stored form. */
const PER_PIECE = 1000;

/**
 * The stored form, piece by piece: one JSON object with the instances last, each on a line of its own. So neither writing nor
 * reading it ever holds the text of a hundred thousand instances. The inverse of {@link SnapshotReader}.
 */
export function* snapshotPieces({ instances, ...head }: Snapshot): Generator<string> {
  let piece = `${JSON.stringify({ version: SNAPSHOT_VERSION, ...head }).slice(0, -1)},"instances":[\n`;
  let written = 0;
  for (const known of instances.values()) {
    piece += `${JSON.stringify(known)}${++written < instances.size ? ',' : ''}\n`;
    if (written % PER_PIECE !== 0) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}]}`;
}

/** The stored form in one text. The inverse of {@link decodeSnapshot}. */
export function encodeSnapshot(snapshot: Snapshot): string {
  return [...snapshotPieces(snapshot)].join('');
}

/** Reads the stored form from pieces of any size. Laid out in another way it is understood too, but held as a whole. */
export class SnapshotReader {
  readonly #scope: Scope;
  readonly #instances = new Map<string, Known>();
  #head: Omit<Snapshot, 'instances'> | undefined;
  /** What has not come to the end of its line. */
  #rest = '';
  #isLaidOut = true;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** @throws UnreadableSnapshot */
  write(text: string): void {
    this.#rest += text;
    if (!this.#isLaidOut) return;
    let start = 0;
    for (let end = this.#rest.indexOf('\n'); end >= 0; end = this.#rest.indexOf('\n', start)) {
      const line = this.#rest.slice(start, end);
      if (this.#head !== undefined) this.#add(parsed(line.endsWith(',') ? line.slice(0, -1) : line));
      else if (line.endsWith(',"instances":[')) this.#head = headOf(parsed(`${line}]}`), this.#scope);
      else {
        this.#isLaidOut = false;
        return;
      }
      start = end + 1;
    }
    this.#rest = this.#rest.slice(start);
  }

  /** @throws UnreadableSnapshot for anything that {@link snapshotPieces} of this version did not write for this scope */
  end(): Snapshot {
    if (this.#head !== undefined && this.#rest.trim() !== ']}')
      throw new UnreadableSnapshot('it is not JSON (it breaks off)');
    if (this.#head === undefined) {
      const stored = parsed(this.#rest);
      this.#head = headOf(stored, this.#scope);
      for (const known of (stored as { readonly instances: readonly unknown[] }).instances) this.#add(known);
    }
    return { ...this.#head, instances: this.#instances };
  }

  #add(known: unknown): void {
    if (!isKnown(known)) throw new UnreadableSnapshot(OTHER_FIELDS);
    this.#instances.set(known.seen.id, known);
  }
}

const OTHER_FIELDS = 'fields are missing or of another type than this version writes';

/**
 * Reads the stored form.
 *
 * @throws UnreadableSnapshot for anything that {@link encodeSnapshot} of this version did not write for this scope.
 */
export function decodeSnapshot(text: string, scope: Scope): Snapshot {
  const reader = new SnapshotReader(scope);
  reader.write(text);
  return reader.end();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnreadableSnapshot(`it is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}

/** Everything but the instances, which are not looked into. */
function headOf(stored: unknown, scope: Scope): Omit<Snapshot, 'instances'> {
  if (!isRecord(stored)) throw new UnreadableSnapshot('it is not a JSON object');
  const { version, instances, ...head } = stored;
  if (version !== SNAPSHOT_VERSION) {
    throw new UnreadableSnapshot(
      `its version is ${JSON.stringify(version)} and this deployment reads ${SNAPSHOT_VERSION}: deploy the version that wrote it, or a newer one`,
    );
  }
  if (!isSnapshotHead(head) || !Array.isArray(instances)) throw new UnreadableSnapshot(OTHER_FIELDS);
  if (head.scope.account !== scope.account || head.scope.region !== scope.region) {
    throw new UnreadableSnapshot(
      `it is of ${head.scope.account}/${head.scope.region}, not of ${scope.account}/${scope.region}`,
    );
  }
  return head;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSnapshotHead(
  value: Record<string, unknown>,
): value is Record<string, unknown> & Omit<Snapshot, 'instances'> {
  const { scope, generation, sweepId, lookedAt, baselineAt, selection, selectedAt } = value;
  const { hadInstances, outbox, baselineOwed } = value;
  return (
    isRecord(scope) &&
    Number.isSafeInteger(generation) &&
    typeof sweepId === 'string' &&
    Number.isFinite(lookedAt) &&
    Number.isFinite(baselineAt) &&
    typeof selection === 'string' &&
    Number.isFinite(selectedAt) &&
    typeof hadInstances === 'boolean' &&
    Array.isArray(baselineOwed) &&
    Array.isArray(outbox) &&
    outbox.every((entry) => isRecord(entry) && typeof entry['id'] === 'string' && isInstance(entry['instance']))
  );
}

function isKnown(value: unknown): value is Known {
  return isRecord(value) && isInstance(value['seen']) && Number.isSafeInteger(value['sequence']);
}

function isInstance(value: unknown): value is Instance {
  return (
    isRecord(value) &&
    typeof value['id'] === 'string' &&
    typeof value['state'] === 'string' &&
    Number.isFinite(value['launchTime'])
  );
}
