import { accountText } from '../../lambda/core/tell/phrases.ts';

/** An account among several. */
export interface Account {
  /** Twelve digits. */
  readonly id: string;
  /** As Organizations calls it; `undefined` if nobody asked Organizations. */
  readonly name: string | undefined;
}

/** An account that is not looked at, since Organizations does not call it `ACTIVE`. */
export interface SetAside extends Account {
  readonly state: string;
}

/** An account for people: `prod (123456789012)`, or only its id. */
export function labelOf({ id, name }: Account): string {
  return accountText({ account: id, accountName: name });
}
