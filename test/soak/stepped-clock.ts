import { readFileSync, watchFile } from 'node:fs';

/*
 * Loaded into a program before all else: its time of day is the machine's, plus what the file CLOCK_STEP_FILE says in
 * milliseconds, as if somebody had set its clock. What only grows (performance.now, timers) goes on as it is.
 */

const file = process.env['CLOCK_STEP_FILE']!;
const lookMilliseconds = 200;
const RealDate = Date;
let step = 0;

function read(): void {
  step = Number(readFileSync(file, 'utf8'));
}

read();
watchFile(file, { interval: lookMilliseconds, persistent: false }, read);

const now = () => RealDate.now() + step;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, values: [], newTarget) =>
    Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget) as Date,
  apply: () => new RealDate(now()).toString(),
  get: (target, name, receiver): unknown => (name === 'now' ? now : Reflect.get(target, name, receiver)),
});
