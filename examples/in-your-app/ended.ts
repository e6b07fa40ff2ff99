import type { TransitionsDocument } from 'ec2-state-monitor';

/** The instances that a message of the topic `Transitions` says are gone, by id. Of the package it needs the types only. */
export function ended(body: string): string[] {
  const { kind, transitions }: TransitionsDocument = JSON.parse(body);
  if (kind === 'test') return [];
  return transitions.filter(({ to }) => to === 'terminated').map(({ instance }) => instance);
}
