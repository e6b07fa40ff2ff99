import { Dice, diceFor } from './dice.ts';
import { Timeline } from './timeline.ts';

it('lets things happen in the order of their times, and of their coming where these are equal', async () => {
  const timeline = new Timeline(0);
  const dice = new Dice(1);
  const happened: string[] = [];
  const expected: { at: number; order: number }[] = [];
  for (let order = 0; order < 500; order += 1) {
    const at = dice.between(0, 50);
    expected.push({ at, order });
    timeline.at(at, () => happened.push(`${timeline.now()} ${order}`));
  }
  await timeline.run();
  expected.sort((a, b) => a.at - b.at || a.order - b.order);
  expect(happened).toEqual(expected.map(({ at, order }) => `${at} ${order}`));
});

it('lets programs take turns at every wait', async () => {
  const timeline = new Timeline(0);
  const turns: string[] = [];
  const program = async (name: string, waits: readonly number[]): Promise<void> => {
    for (const ms of waits) {
      await timeline.turn(ms);
      await Promise.resolve();
      turns.push(`${name} at ${timeline.now()}`);
    }
  };
  const programs = [program('a', [10, 10, 10]), program('b', [5, 10, 20])];
  await timeline.run();
  await Promise.all(programs);
  expect(turns).toEqual(['b at 5', 'a at 10', 'b at 15', 'a at 20', 'a at 30', 'b at 35']);
});

it('dice for one purpose are the same again, and others for another', () => {
  const throws = (dice: Dice): number[] => Array.from({ length: 5 }, () => dice.between(1, 1000));
  expect(throws(diceFor(1, 'a'))).toEqual(throws(diceFor(1, 'a')));
  expect(throws(diceFor(1, 'a'))).not.toEqual(throws(diceFor(1, 'b')));
});
