import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A command of a document, as a reader would copy it. */
export interface DocumentedCommand {
  /** Heading of the section it is in. */
  readonly section: string;
  /** One line or more. */
  readonly text: string;
}

/** What can be copied: a heading, a block for the shell, or a command with its arguments within a sentence. */
const PARTS = /^## (.+)$|^( *)```sh\n([\s\S]*?)^\2```$|`((?:aws|npm run \w+ --) [^`]+)`/gm;

/** Every command of a document in docs/, in its order. */
export function documentedCommands(document: string): readonly DocumentedCommand[] {
  const text = readFileSync(join(import.meta.dirname, '../../docs', document), 'utf8');
  let section = '';
  return [...text.matchAll(PARTS)].flatMap(([, heading, indent = '', block, inline]) => {
    section = heading ?? section;
    const command = block?.replaceAll(new RegExp(`^${indent}`, 'gm'), '') ?? inline?.replaceAll('\n', ' ');
    return command === undefined ? [] : [{ section, text: command.trim() }];
  });
}
