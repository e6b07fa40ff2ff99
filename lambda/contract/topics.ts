/** The topics of a deployment, one for each kind of reader. `Chat` is there only where it is turned on. */
export const TOPIC_NAMES = ['Transitions', 'Alerts', 'Chat', 'Health'] as const;

/** One of {@link TOPIC_NAMES}: how people name it in settings, and the log of the function. */
export type TopicName = (typeof TOPIC_NAMES)[number];
