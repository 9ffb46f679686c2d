interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** A time of day as the user writes it, its seconds only if it has some: "17:00", "5:00 PM". */
export function sayTime({ hour, minute, second }: TimeOfDay, usesTwelveHours: boolean): string {
  const rest = [minute, second].slice(0, second > 0 ? 2 : 1).map((number) => `:${pad(number)}`);
  if (!usesTwelveHours) return `${pad(hour)}${rest.join('')}`;
  return `${hour % 12 === 0 ? 12 : hour % 12}${rest.join('')} ${hour < 12 ? 'AM' : 'PM'}`;
}

const pad = (number: number) => String(number).padStart(2, '0');
