import type { VirtualClock } from '../model/clock.ts';
import type { Event } from './plot.ts';

/** In one step, so that whoever waits for something sees it soon after it is there. */
const STEP_SECONDS = 0.1;

/** An event of a plot, at its time in ms since epoch. */
interface Planned extends Pick<Event, 'title' | 'happen'> {
  readonly at: number;
}

/** Time in which what is plotted happens, each thing at its moment, whoever lets the time pass. */
export class StoryTime {
  readonly #clock: VirtualClock;
  readonly #planned: readonly Planned[];
  readonly #tell: (at: number, title: string) => void;
  #happened = 0;

  /**
   * The story begins now.
   *
   * @param plotted in the order of time
   * @param secondsPerSweep from one sweep to the next
   * @param tell is called before something happens that has a title
   */
  constructor(
    clock: VirtualClock,
    plotted: readonly Event[],
    secondsPerSweep: number,
    tell: (at: number, title: string) => void,
  ) {
    const start = clock.now();
    this.#clock = clock;
    this.#planned = plotted.map(({ sweep, second, title, happen }) => ({
      at: start + (sweep * secondsPerSweep + second) * 1000,
      ...(title === undefined ? {} : { title }),
      happen,
    }));
    this.#tell = tell;
  }

  /** One step: what is due now happens, and then it is a tenth of a second later. */
  pass(): void {
    const now = this.#clock.now();
    for (let next = this.#planned[this.#happened]; next !== undefined && next.at <= now; ) {
      this.#happened += 1;
      if (next.title !== undefined) this.#tell(now, next.title);
      next.happen();
      next = this.#planned[this.#happened];
    }
    this.#clock.pass(STEP_SECONDS);
  }

  /** As many steps as it takes to a time, in ms since epoch. Half a step counts. */
  passUntil(time: number): void {
    while (time - this.#clock.now() >= STEP_SECONDS * 500) this.pass();
  }
}
