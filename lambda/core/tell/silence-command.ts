/** The command that people type to hear no more of an incident until it closes. docs/silences.md */
export function silenceCommand(incident: string): string {
  return `npm run silence -- --incident ${incident}`;
}
