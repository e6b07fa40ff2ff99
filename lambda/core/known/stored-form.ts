import type { Announcement } from './announcement.ts';
import type { Instance } from './instance.ts';
import type { Scope } from './scope.ts';
import type { Known, Snapshot } from './snapshot.ts';
import { type Fields, UPGRADES } from './upgrades.ts';

/** Version of the stored form. A newer one is refused and never overwritten; older ones are upgraded when they are read. */
const VERSION = UPGRADES.length + 1;

/** Length of the pieces in which the stored form is written, in characters. */
const PIECE_LENGTH = 65_536;

const OUTBOX_BEGINS = ',"outbox":[';
const INSTANCES_BEGIN = ',"instances":[';

/** The stored object cannot be understood. It is left as it is: whoever runs the monitor decides. */
export class UnreadableSnapshot extends Error {
  override readonly name = 'UnreadableSnapshot';
}

/**
 * The stored form, piece by piece: one JSON object, in which each announcement and each instance has a line of its own. So
 * neither writing nor reading holds more text than one piece. The inverse of {@link SnapshotReader}.
 */
export function* snapshotPieces({ outbox, instances, ...head }: Snapshot): Generator<string> {
  let piece = '';
  for (const line of linesOf()) {
    piece += line;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = '';
  }
  yield piece;

  function* linesOf(): Generator<string> {
    yield `${JSON.stringify({ version: VERSION, ...head }).slice(0, -1)}${OUTBOX_BEGINS}\n`;
    yield* entries(outbox, outbox.length);
    yield `]${INSTANCES_BEGIN}\n`;
    yield* entries(instances.values(), instances.size);
    yield ']}';
  }
}

function* entries(list: Iterable<unknown>, length: number): Generator<string> {
  let written = 0;
  for (const entry of list) yield `${JSON.stringify(entry)}${++written < length ? ',' : ''}\n`;
}

/** The stored form as one text. The inverse of {@link decodeSnapshot}. */
export function encodeSnapshot(snapshot: Snapshot): string {
  return [...snapshotPieces(snapshot)].join('');
}

/**
 * Reads the stored form from pieces of any size, at a cost that grows with its length only. A form that somebody laid out
 * in another way is read too, but held as a whole.
 */
export class SnapshotReader {
  readonly #scope: Scope;
  /** The beginning of a line whose end has not arrived. */
  #begun: string[] = [];
  #section: 'head' | 'outbox' | 'instances' | 'end' | 'other layout' = 'head';
  #head: Fields = {};
  #upgrades: typeof UPGRADES = [];
  readonly #outbox: Announcement[] = [];
  readonly #instances = new Map<string, Known>();

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** @throws UnreadableSnapshot */
  write(text: string): void {
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      this.#begun.push(text.slice(start, end));
      start = end + 1;
      const line = this.#begun.join('');
      this.#begun = [];
      this.#line(line);
      if (this.#section === 'other layout') {
        this.#begun.push(line, '\n');
        break;
      }
    }
    this.#begun.push(text.slice(start));
  }

  /** @throws UnreadableSnapshot for anything that {@link snapshotPieces} of this version or an older one did not write for this scope */
  end(): Snapshot {
    const rest = this.#begun.join('');
    if (this.#section === 'head' || this.#section === 'other layout') this.#whole(parsed(rest));
    else if (this.#section === 'outbox' || rest.trim() !== (this.#section === 'end' ? '' : ']}')) throw brokenOff();
    let head = this.#head;
    for (const { head: upgraded } of this.#upgrades) head = upgraded(head, this.#instances.size);
    const { outbox, ...facts } = head;
    if (!isHead(facts) || !Array.isArray(outbox)) throw otherFields();
    const { account, region } = facts.scope;
    if (account !== this.#scope.account || region !== this.#scope.region) {
      throw new UnreadableSnapshot(
        `it is of ${account}/${region}, not of ${this.#scope.account}/${this.#scope.region}`,
      );
    }
    return { ...facts, outbox: [...outbox.map(asAnnouncement), ...this.#outbox], instances: this.#instances };
  }

  #line(line: string): void {
    if (this.#section === 'head') {
      this.#section = line.endsWith(OUTBOX_BEGINS)
        ? 'outbox'
        : line.endsWith(INSTANCES_BEGIN)
          ? 'instances'
          : 'other layout';
      if (this.#section !== 'other layout') this.#begin(parsed(`${line}]}`));
    } else if (this.#section === 'outbox' && line === `]${INSTANCES_BEGIN}`) {
      this.#section = 'instances';
    } else if (this.#section === 'instances' && line === ']}') {
      this.#section = 'end';
    } else {
      const entry = parsed(line.endsWith(',') ? line.slice(0, -1) : line);
      if (this.#section === 'outbox') this.#addAnnouncement(entry);
      else this.#addInstance(entry);
    }
  }

  /** Takes what stands before the instances. */
  #begin(head: unknown): void {
    if (!isRecord(head)) throw new UnreadableSnapshot('it is not a JSON object');
    const { version, instances: _, ...facts } = head;
    const newest = Number.isSafeInteger(version) && Number(version) >= 1 && Number(version) <= VERSION;
    if (!newest) {
      throw new UnreadableSnapshot(
        `its version is ${JSON.stringify(version)} and this deployment reads 1 to ${VERSION}: deploy the version that wrote it, or a newer one`,
      );
    }
    this.#head = facts;
    this.#upgrades = UPGRADES.slice(Number(version) - 1);
  }

  #whole(stored: unknown): void {
    this.#begin(stored);
    const { instances } = stored as Fields;
    if (!Array.isArray(instances)) throw otherFields();
    for (const entry of instances) this.#addInstance(entry);
  }

  #addAnnouncement(entry: unknown): void {
    if (!isRecord(entry)) throw otherFields();
    let upgraded = entry;
    for (const { announcement } of this.#upgrades) upgraded = announcement(upgraded);
    this.#outbox.push(asAnnouncement(upgraded));
  }

  #addInstance(entry: unknown): void {
    if (!isRecord(entry)) throw otherFields();
    let known = entry;
    for (const { instance } of this.#upgrades) known = instance(known);
    if (!isKnown(known)) throw otherFields();
    this.#instances.set(known.seen.id, known);
  }
}

/**
 * Reads the stored form.
 *
 * @throws UnreadableSnapshot for anything that {@link encodeSnapshot} of this version or an older one did not write for this scope
 */
export function decodeSnapshot(text: string, scope: Scope): Snapshot {
  const reader = new SnapshotReader(scope);
  reader.write(text);
  return reader.end();
}

function otherFields(): UnreadableSnapshot {
  return new UnreadableSnapshot('fields are missing or of another type than this version writes');
}

function brokenOff(): UnreadableSnapshot {
  return new UnreadableSnapshot('it is not JSON (it breaks off)');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnreadableSnapshot(`it is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isHead(value: Fields): value is Fields & Omit<Snapshot, 'instances' | 'outbox'> {
  const { scope, generation, sweepId, lookedAt, baselineAt, selection, selectedAt, hadInstances } = value;
  return (
    isScope(scope) &&
    Number.isSafeInteger(generation) &&
    typeof sweepId === 'string' &&
    Number.isFinite(lookedAt) &&
    Number.isFinite(baselineAt) &&
    typeof selection === 'string' &&
    Number.isFinite(selectedAt) &&
    typeof hadInstances === 'boolean'
  );
}

function asAnnouncement(value: unknown): Announcement {
  if (isRecord(value) && typeof value['id'] === 'string' && Array.isArray(value['owed'])) {
    const { kind, subject, incident, condition } = value;
    if (kind === 'transition' && isInstance(subject)) return value as unknown as Announcement;
    const hasIncident = typeof incident === 'string' && isRecord(condition);
    if (kind === 'condition' && hasIncident && isInstance(subject)) return value as unknown as Announcement;
    const isOfScope = kind === 'baseline' || (kind === 'silence' && isRecord(value['silence']));
    if (isOfScope && isScope(subject)) return value as unknown as Announcement;
    const isOfInstance = kind === 'unread-silence' || (kind === 'reminder' && isRecord(condition));
    if (isOfInstance && isInstance(subject)) return value as unknown as Announcement;
  }
  throw otherFields();
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

function isScope(value: unknown): value is Scope {
  return isRecord(value) && typeof value['account'] === 'string' && typeof value['region'] === 'string';
}
