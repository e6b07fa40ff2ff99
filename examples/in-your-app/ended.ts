import type { TransitionsDocument } from 'ec2-state-monitor';

/** The ids of the instances that were terminated, according to a message of the topic `Transitions`. Only imports types. */
export function ended(body: string): string[] {
  const { kind, transitions }: TransitionsDocument = JSON.parse(body);
  // A test, or a condition: `docs/messages.md` has every kind.
  if (kind !== 'transitions') return [];
  return transitions.filter(({ to }) => to === 'terminated').map(({ instance }) => instance);
}
