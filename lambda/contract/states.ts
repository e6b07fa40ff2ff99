/** The states of an instance, in the order in which a life passes through them. "InstanceState", EC2 API Reference. */
export const STATES = ['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated'] as const;

/** One of the six documented states. EC2 may invent more: code that reads states takes any string. */
export type KnownState = (typeof STATES)[number];
