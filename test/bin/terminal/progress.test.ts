import { progressOn } from '../../../bin/terminal/progress.ts';

/** What a stream was given. */
function recorded(facts: { readonly isTTY?: boolean; readonly columns?: number }) {
  const written: string[] = [];
  return { written, stream: { ...facts, write: (text: string | Uint8Array) => written.push(String(text)) > 0 } };
}

test('on a terminal, a line is replaced by the next and taken away, and never wraps', () => {
  const { written, stream } = recorded({ isTTY: true, columns: 12 });
  const progress = progressOn(stream);
  progress.show('1 of 2 regions');
  progress.show('2 of 2\u001b');
  progress.clear();
  progress.clear();
  const erase = '\r\u001b[2K';
  expect(written).toEqual(['1 of 2 regi', erase, '2 of 2\\u{1b', erase]);
});

test('anywhere else nothing is written', () => {
  const { written, stream } = recorded({});
  const progress = progressOn(stream);
  progress.show('1 of 2 regions');
  progress.clear();
  expect(written).toEqual([]);
});
