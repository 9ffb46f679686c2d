const zoneOfBrowser = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

function formatsOfBrowser() {
  const day = /** @type {const} */ ({ weekday: 'short', day: 'numeric', month: 'short' });
  return {
    time: new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' }),
    day: new Intl.DateTimeFormat(undefined, day),
    dayOfYear: new Intl.DateTimeFormat(undefined, { ...day, year: 'numeric' }),
  };
}

/** The browser's time zone, in which the page shows and reads all times. */
export let timeZone = zoneOfBrowser();
let formats = formatsOfBrowser();

/** A page that is open all day travels with its user; formats keep the zone in which they were made. */
export function followTimeZone() {
  if (timeZone === zoneOfBrowser()) return;
  timeZone = zoneOfBrowser();
  formats = formatsOfBrowser();
}

const minute = 60_000;
const hour = 60 * minute;

/**
 * Midnight of the day, so many days later, or another hour of it: on the browser's clock, also where that is put forward or
 * back on the way.
 *
 * @param {number} now @param {number} [days] @param {number} [hours]
 */
export function startOfDay(now, days = 0, hours = 0) {
  const date = new Date(now);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days, hours).getTime();
}

/**
 * "Today 14:00", "Fri 4 May 09:00", in the browser's language and clock; with the year where it is another one.
 *
 * @param {string} instant @param {number} now
 */
export function sayTime(instant, now) {
  const date = new Date(instant);
  return `${sayDay(date, now)} ${formats.time.format(date)}`;
}

/** @param {Date} date @param {number} now */
function sayDay(date, now) {
  const days = Math.round((startOfDay(date.getTime()) - startOfDay(now)) / (24 * hour));
  const near = { '-1': 'Yesterday', 0: 'Today', 1: 'Tomorrow' }[days];
  if (near) return near;
  const isThisYear = date.getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? formats.day : formats.dayOfYear).format(date);
}

/**
 * When a reminder's task is due, seen from now: "now" only while that is true.
 *
 * @param {string} due @param {number} now
 */
export function sayDue(due, now) {
  const away = Date.parse(due) - now;
  if (Math.abs(away) < minute) return 'Due now';
  if (away > 0 && away < hour) return `Due in ${Math.round(away / minute)} min`;
  if (away < 0 && away > -hour) return `Was due ${Math.round(-away / minute)} min ago`;
  const said = sayTime(due, now);
  return `${away > 0 ? 'Due' : 'Was due'} ${said.replace(/^[YT](?=esterday|oday|omorrow)/, (letter) => letter.toLowerCase())}`;
}

/** An instant as the value of a datetime-local field: minutes, in the browser's zone. @param {string} instant */
export function fieldTime(instant) {
  const date = new Date(instant);
  return new Date(date.getTime() - date.getTimezoneOffset() * minute).toISOString().slice(0, 16);
}
