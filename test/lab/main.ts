/** The staleness lab, at length: docs/testing.md. Run: node test/lab/main.ts */
import { runLab } from './lab.ts';
import { labSettings, longRun } from './settings.ts';

const settings = labSettings(longRun);
const { seed, operations, seconds, longestDelaySeconds } = settings;
console.log(`Seed ${seed}: ${operations} operations in ${seconds} s, watches up to ${longestDelaySeconds} s late`);
const { problems, figures, replay } = await runLab(settings, (line) => console.log(`  ${line}`));
console.log(JSON.stringify(figures, null, 2));
if (problems.length > 0) console.log(`Problems:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
console.log(problems.length === 0 ? `Nothing wrong. Seed ${seed}` : `Once more: ${replay}`);
process.exitCode = problems.length === 0 ? 0 : 1;
