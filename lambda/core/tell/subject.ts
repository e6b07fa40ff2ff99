import type { Instance } from '../known/instance.ts';

/** The attribute `group`, which must not be empty: an instance may lack the tag. */
export function groupAttribute({ group }: Instance): { readonly group?: string } {
  return group === undefined || group === '' ? {} : { group };
}

/** The instance without text that a user or AWS wrote freely. The group stays, since filter policies look at it. */
export function withoutFreeText({
  name: _name,
  autoScalingGroup: _scaled,
  reason: _reason,
  ...facts
}: Instance): Instance {
  return facts;
}
