/** A JSON object of which nothing is known yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** How what one version wrote becomes what the next version would have written. */
export interface Upgrade {
  /** Everything but the lines of announcements and instances. `outbox` may hold announcements. */
  readonly head: (head: Fields, instanceCount: number) => Fields;
  /** One announcement on a line of its own. Version 1 had none. */
  readonly announcement: (announcement: Fields) => Fields;
  /** One line of an instance. */
  readonly instance: (known: Fields) => Fields;
}

/** The chain of upgrades: the first one makes version 2 out of version 1. A new version of the form adds one. */
export const UPGRADES: readonly Upgrade[] = [
  {
    // Version 1 (0.1.0) had the whole outbox in the head, kept notices in it as transitions, and owed baselines beside it.
    head: ({ outbox, baselineOwed, selection, ...head }, instanceCount) => {
      const owed = readersOf(baselineOwed);
      const baseline = {
        kind: 'baseline',
        id: `baseline-${JSON.stringify(head['scope'])}-${head['baselineAt']}`,
        sequence: 0,
        generation: head['generation'],
        subject: head['scope'],
        before: head['baselineAt'],
        instances: instanceCount,
        severity: 'info',
        owed,
      };
      const transitions = Array.isArray(outbox) ? outbox.map(announcementOf) : [outbox];
      return {
        ...head,
        // It did not see managed instances that the account hid. As after any other selection, they are no launches now.
        selection: typeof selection === 'string' ? `${selection};not hidden` : selection,
        outbox: Array.isArray(owed) && owed.length === 0 ? transitions : [...transitions, baseline],
      };
    },
    announcement: (announcement) => announcement,
    instance: ({ journey, stuckTold, doubted, ...known }) => ({
      ...known,
      journey: journey && journeyOf(journey as Fields),
      stuckReported: stuckTold,
      unconfirmed: doubted,
    }),
  },
  {
    // Version 2 announced stuck instances as a kind of their own, and knew no other condition.
    head: ({ outbox, ...head }) => ({ ...head, outbox: Array.isArray(outbox) ? outbox.map(conditionOf) : outbox }),
    announcement: conditionOf,
    instance: ({ stuckReported, ...known }) => {
      const seen = known['seen'] as Fields | undefined;
      const { at } = (known['since'] ?? {}) as Fields;
      if (!stuckReported || seen === undefined) return known;
      const condition = { type: 'stuck', of: seen['state'] };
      const incident = incidentOf(seen, known['sequence']);
      return { ...known, conditions: [{ is: 'open', condition, incident, began: { before: at } }] };
    },
  },
  // Version 3 knew no silences and no reminders. Otherwise it is the same.
  { head: (head) => head, announcement: (announcement) => announcement, instance: (known) => known },
];

/** What is no notice stays as it is: what is no announcement either is refused later. */
function conditionOf(announcement: Fields): Fields {
  if (announcement?.['kind'] !== 'stuck') return announcement;
  const { inState, ...entry } = announcement;
  const { subject, after, before, sequence } = entry;
  const instance = (subject ?? {}) as Fields;
  const began = after ?? before;
  return {
    ...entry,
    kind: 'condition',
    news: 'opened',
    condition: { type: 'stuck', of: instance['state'] },
    incident: incidentOf(instance, sequence),
    began: { before: began },
    // The mail says for how long.
    before: Number(began) + Number((inState as Fields | undefined)?.['ms'] ?? 0),
  };
}

/** Version 2 had no incidents. An instance has one transition more when it is stuck again. */
function incidentOf(instance: Fields, sequence: unknown): string {
  return `stuck-${instance['id']}-${sequence}`;
}

function announcementOf({ instance, stuck, ...entry }: Fields): Fields {
  const owed = readersOf(entry['owed']);
  if (stuck === undefined) return { kind: 'transition', ...entry, subject: instance, owed };
  const { step: _step, from: _from, to: _to, inferred: _inferred, cause: _cause, ...facts } = entry;
  return { kind: 'stuck', ...facts, subject: instance, inState: stuck, owed };
}

/** Version 1 kept one cause for the whole way. It becomes the cause of the last step. */
function journeyOf({ path, cause, inFirstState }: Fields): Fields {
  const steps = Array.isArray(path) ? path.length - 1 : 0;
  return {
    path,
    causes: Array.from({ length: steps }, (_, step) => (step === steps - 1 ? cause : 'unknown')),
    inFirstState,
  };
}

/** Version 1 wrote `alerts` where the topic is called `Alerts`. What is no list stays, so that it is refused. */
function readersOf(names: unknown): unknown {
  return Array.isArray(names) ? names.map((name) => String(name).replace(/^./, (first) => first.toUpperCase())) : names;
}
