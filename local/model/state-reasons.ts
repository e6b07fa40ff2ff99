/** Why an instance changed its state, as EC2 says it. "StateReason", EC2 API Reference. */
export interface ReasonRecord {
  readonly code: string;
  readonly message: string;
}

/** The two forms in which EC2 gives a reason: the coded one, and the text `StateTransitionReason`. Both may be missing. */
export interface TransitionReason {
  readonly stateReason: ReasonRecord | null;
  /** Where it holds `%`, the time of the request takes its place, as in `User initiated (2026-11-22 19:00:00 GMT)`. */
  readonly text: string;
}

function coded(code: string, meaning: string, text: string): TransitionReason {
  return { stateReason: { code, message: `${code}: ${meaning}` }, text };
}

/** Reasons by what happened: the twelve documented codes, with the texts seen beside them, and none at all. */
const REASONS = {
  user: coded('Client.UserInitiatedShutdown', 'User initiated shutdown', 'User initiated (%)'),
  'guest-os': coded('Client.InstanceInitiatedShutdown', 'Instance initiated shutdown', ''),
  hibernation: coded('Client.UserInitiatedHibernate', 'User initiated hibernate', 'User initiated (%)'),
  'spot-stop': coded('Server.SpotInstanceShutdown', 'Spot instance shutdown', 'Server.SpotInstanceShutdown'),
  'spot-termination': coded(
    'Server.SpotInstanceTermination',
    'Spot instance termination',
    'Server.SpotInstanceTermination',
  ),
  'scheduled-stop': coded('Server.ScheduledStop', 'Stopped due to scheduled retirement', 'Server.ScheduledStop'),
  capacity: coded(
    'Server.InsufficientInstanceCapacity',
    'Insufficient capacity to satisfy instance request',
    'Server.InsufficientInstanceCapacity',
  ),
  'internal-error': coded('Server.InternalError', 'Internal error on launch', 'Server.InternalError'),
  'client-error': coded('Client.InternalError', 'Client error on launch', 'Client.InternalError'),
  'ami-creation': coded('Client.InstanceTerminated', 'Instance terminated during AMI creation', ''),
  'snapshot-not-found': coded(
    'Client.InvalidSnapshot.NotFound',
    'The snapshot was not found',
    'Client.InvalidSnapshot.NotFound',
  ),
  'volume-limit': coded('Client.VolumeLimitExceeded', 'Volume limit exceeded', 'Client.VolumeLimitExceeded'),
  unsaid: { stateReason: null, text: '' },
} as const satisfies Record<string, TransitionReason>;

/** A key of {@link REASONS}. */
export type ReasonName = keyof typeof REASONS;

/** The reason as an instance shows it when it was given at `at` (ms since epoch). */
export function reasonAt(reason: ReasonName | TransitionReason, at: number): TransitionReason {
  const { stateReason, text } = typeof reason === 'string' ? REASONS[reason] : reason;
  const date = `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} GMT`;
  return { stateReason, text: text.replace('%', date) };
}
