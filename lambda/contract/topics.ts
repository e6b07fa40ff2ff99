/** The topics that announcements go to, one for each kind of audience. `Chat` exists only where the user turned it on. */
export const READERS = ['Transitions', 'Alerts', 'Chat'] as const;

/** One of {@link READERS}: machines, people by mail, people in chat. Each gets its messages in order. */
export type Reader = (typeof READERS)[number];

/** All topics of a deployment. `Health` receives the alarms about the monitor itself. */
export const TOPICS = [...READERS, 'Health'] as const;

/** One of {@link TOPICS}: its name in settings, in the configuration and in the log. */
export type Topic = (typeof TOPICS)[number];

// Until the configuration is merged.
export const TOPIC_NAMES = TOPICS;
export type TopicName = Topic;
