/** The announcements that share one message: at least one. */
export type Group<A> = readonly [A, ...A[]];
