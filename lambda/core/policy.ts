import { type Announcing, fits } from '../contract/announcing.ts';
import { NONE } from '../contract/message.ts';
import { isSettled } from './instance.ts';
import { type Journey, READERS, type Reader } from './snapshot.ts';

/** Who there is to be told. */
export function readersOf({ chat }: Announcing): readonly Reader[] {
  return chat ? READERS : READERS.filter((reader) => reader !== 'chat');
}

/**
 * Who is told of a transition: machines of each; people of one that ended in a settled state, where the user wants to hear
 * of it, and unless it is what an Auto Scaling group does to itself.
 *
 * @param settled the whole way, where the transition ended in a settled state
 */
export function audienceOf(settled: Journey | undefined, announcing: Announcing): readonly Reader[] {
  return concernsPeople(settled, announcing) ? readersOf(announcing) : ['transitions'];
}

function concernsPeople(settled: Journey | undefined, { alert, alertAutoScaling }: Announcing): boolean {
  if (settled === undefined || (settled.cause === 'auto-scaling' && !alertAutoScaling)) return false;
  const from = settled.path[0];
  const to = settled.path.at(-1);
  if (from === undefined || to === undefined) return false;
  // A baseline can find an instance on its way: nobody knows where from, so only where it got to decides.
  return alert.some((pattern) =>
    fits(isSettled(from) || from === NONE ? pattern : { ...pattern, from: '*' }, { from, to }),
  );
}
