import { globSync, readFileSync } from 'node:fs';

/** A command as a document prints it. */
export interface DocumentedCommand {
  readonly document: string;
  readonly line: number;
  /** One command line: lines that end in a backslash are joined. */
  readonly text: string;
  /** Whether it stands in a block to be pasted, or in the middle of a sentence, where it may lack arguments. */
  readonly pasted: boolean;
}

/** Everything that people read: Markdown, and the comments at the top of the examples. */
export const documents: readonly string[] = [
  ...globSync('*.md'),
  ...globSync('docs/**/*.md'),
  ...globSync('charts/**/*.md'),
  'src/operator/runtime/README.md',
].toSorted();

export const exampleFiles: readonly string[] = globSync('examples/**/*.{yaml,ts,py,java}').toSorted();

const programs = /^(make|kubectl|helm|npm|npx|docker|podman|minikube|kind|curl|git|cosign) ./;

export function documentedCommands(): DocumentedCommand[] {
  return [...documents.flatMap(commandsOfMarkdown), ...exampleFiles.flatMap(commandsOfExample)];
}

/** The lines of the shell block that stands under a heading, as they are pasted. */
export function shellBlock(document: string, position = 0): string {
  const blocks = [...readFileSync(document, 'utf8').matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)];
  const block = blocks[position]?.[1];
  if (block === undefined) throw new Error(`${document} has no shell block ${position}`);
  return block;
}

function commandsOfMarkdown(document: string): DocumentedCommand[] {
  const found: DocumentedCommand[] = [];
  let fence: string | undefined;
  let unfinished: { readonly text: string; readonly line: number } | undefined;
  for (const [index, line] of readFileSync(document, 'utf8').split('\n').entries()) {
    const opening = /^ *```(\w*)/.exec(line);
    if (opening) {
      fence = fence === undefined ? opening[1] : undefined;
      continue;
    }
    if (fence === undefined) {
      for (const [, code = ''] of line.matchAll(/`([^`]+)`/g)) {
        if (programs.test(code)) found.push({ document, line: index + 1, text: code, pasted: false });
      }
    }
    if (fence !== 'sh') continue;
    const text: string = (unfinished?.text ?? '') + line.trim();
    if (text === '' || text.startsWith('#')) continue;
    const first = unfinished?.line ?? index + 1;
    unfinished = text.endsWith('\\') ? { text: text.slice(0, -1), line: first } : undefined;
    if (!unfinished) found.push({ document, line: first, text, pasted: true });
  }
  return found;
}

/** Commands are indented by three blanks behind the sign of a comment, so that they can be told from sentences. */
function commandsOfExample(document: string): DocumentedCommand[] {
  return readFileSync(document, 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      const text = /^(?:#|\/\/) {3}(\S.*)$/.exec(line)?.[1];
      return text === undefined ? [] : [{ document, line: index + 1, text, pasted: true }];
    });
}
