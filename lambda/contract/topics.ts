/** Topics that changes are announced on, one for each kind of reader. `Chat` exists only where it is turned on. */
export const READERS = ['Transitions', 'Alerts', 'Chat'] as const;

/** One of {@link READERS}. */
export type Reader = (typeof READERS)[number];

/** All topics of a deployment. `Health` carries the alarms about the monitor itself; nothing is announced on it. */
export const TOPICS = [...READERS, 'Health'] as const;

/** One of {@link TOPICS}. */
export type Topic = (typeof TOPICS)[number];
