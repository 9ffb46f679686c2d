/** The soak, at length: docs/testing.md. Run: node test/soak/main.ts */
import { runSoak } from './soak.ts';
import { longRun, soakSettings } from './settings.ts';

const settings = soakSettings(longRun);
const { seed, seconds, users } = settings;
console.log(`Seed ${seed}: ${users} users for ${seconds / 60} minutes`);
const { problems, figures, replay } = await runSoak(settings, (line) =>
  console.log(`  ${new Date().toISOString().slice(11, 19)} ${line}`),
);
console.log(JSON.stringify(figures, null, 2));
if (problems.length > 0) console.log(`Problems:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
console.log(problems.length === 0 ? `Nothing wrong. Seed ${seed}` : `Once more: ${replay}`);
process.exitCode = problems.length === 0 ? 0 : 1;
