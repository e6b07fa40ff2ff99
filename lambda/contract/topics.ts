/** The topics of a deployment, one for each kind of reader. `Chat` is there only where it is turned on. */
export const TOPIC_NAMES = ['Transitions', 'Alerts', 'Chat', 'Health'] as const;

/** One of {@link TOPIC_NAMES}: value of the dimension `Topic`, and how people name it in settings. */
export type TopicName = (typeof TOPIC_NAMES)[number];
