/** Whether the runtime knows a time zone by this name of the IANA database. */
export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    // It throws a RangeError for a name that it does not know, and there is no other way to ask for all of them.
    return false;
  }
}
