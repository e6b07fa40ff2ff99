import { virtualClock } from '../../../local/model/clock.ts';
import { StoryTime } from '../../../local/story/story-time.ts';

const START = Date.parse('2026-11-22T12:00:00Z');

/** A story of three events, two minutes long, with what it noted. */
function begun() {
  const clock = virtualClock(START);
  const noted: string[] = [];
  const seconds = () => (clock.now() - START) / 1000;
  const event = (sweep: number, second: number, title?: string) => ({
    sweep,
    second,
    ...(title === undefined ? {} : { title }),
    happen: () => noted.push(`${title ?? 'untold'} happens at ${seconds()}`),
  });
  const plotted = [event(0, 30, 'one'), event(0, 30), event(1, 0, 'two')];
  const story = new StoryTime(clock, plotted, 60, (at, title) => noted.push(`${title} told at ${(at - START) / 1000}`));
  return { clock, noted, story, seconds };
}

it('lets each thing happen at its moment, told before it happens, however far it is asked to pass', () => {
  const { story, noted, seconds } = begun();
  story.passUntil(START + 90_000);
  expect(noted).toEqual([
    'one told at 30',
    'one happens at 30',
    'untold happens at 30',
    'two told at 60',
    'two happens at 60',
  ]);
  expect(seconds()).toBe(90);
});

it('leaves what is due at a moment to who asks to pass on from it: first comes the sweep of that moment', () => {
  const { story, noted } = begun();
  story.passUntil(START + 60_000);
  expect(noted).toHaveLength(3);
  story.pass();
  expect(noted).toHaveLength(5);
});

it('passes in tenths of a second, to the nearest, and never back', () => {
  const { story, seconds } = begun();
  story.pass();
  expect(seconds()).toBe(0.1);
  story.passUntil(START + 4_952);
  expect(seconds()).toBe(5);
  story.passUntil(START + 5_048);
  expect(seconds()).toBe(5);
  story.passUntil(START);
  expect(seconds()).toBe(5);
});
