import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { askOn } from '../../../bin/terminal/question.ts';

async function answered(typed: string): Promise<{ answer: boolean; shown: string }> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const answer = askOn(input, output)('Silence 3 instances?');
  input.end(typed);
  const given = await answer;
  output.end();
  return { answer: given, shown: await text(output) };
}

test.each([
  ['y\n', true],
  [' Yes \n', true],
  ['n\n', false],
  ['\n', false],
  ['yesterday\n', false],
  ['', false],
])('%j is %s', async (typed, expected) => {
  expect(await answered(typed)).toEqual({
    answer: expected,
    shown: `Silence 3 instances? [y/N] ${typed === '' ? '\n' : ''}`,
  });
});
