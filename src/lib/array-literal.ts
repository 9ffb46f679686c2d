/**
 * An array as PostgreSQL reads it, of values whose text needs no quotes: UUIDs, numbers, times. The driver quotes each
 * value with care, which takes longer than all else about a statement of many rows.
 */
export function arrayLiteral(values: readonly (string | number)[]): string {
  return `{${values.join()}}`;
}

/** A time as PostgreSQL reads it. It knows no year 0: the year before the first is "1 BC". */
export function timeLiteral(time: Date): string {
  const text = time.toISOString();
  const year = time.getUTCFullYear();
  if (year >= 1) return text;
  return `${String(1 - year).padStart(4, '0')}${text.slice(text.indexOf('-', 1))} BC`;
}
