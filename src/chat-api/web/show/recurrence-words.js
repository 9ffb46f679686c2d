/** @type {Record<string, string>} */
const dayNames = {
  MO: 'monday',
  TU: 'tuesday',
  WE: 'wednesday',
  TH: 'thursday',
  FR: 'friday',
  SA: 'saturday',
  SU: 'sunday',
};
/** @type {Record<string, string>} */
const units = { MINUTELY: 'minute', HOURLY: 'hour', DAILY: 'day', WEEKLY: 'week', MONTHLY: 'month', YEARLY: 'year' };

/**
 * A rule in words that the chat API reads as the same rule; undefined for one that needs more than a few words.
 *
 * @param {string} rule RFC 5545
 * @returns {string | undefined}
 */
export function ruleWords(rule) {
  const { FREQ = '', INTERVAL = '1', BYDAY, BYHOUR: _hour, BYMINUTE: _minute, ...rest } = fields(rule);
  const unit = units[FREQ];
  const { COUNT, UNTIL: _until, BYMONTHDAY, BYSETPOS: _position, WKST: _week, ...unknown } = rest;
  if (!unit || Object.keys(unknown).length > 0 || 'UNTIL' in rest) return undefined;
  const every = INTERVAL === '1' ? 'every' : `every ${INTERVAL}`;
  const times = COUNT ? ` ${COUNT} times` : '';
  if (BYMONTHDAY !== undefined) {
    const last = /^28,.*?(\d+)$/.exec(BYMONTHDAY)?.[1];
    const one = /^\d+$/.test(BYMONTHDAY) ? BYMONTHDAY : last;
    if (!one || INTERVAL !== '1' || FREQ !== 'MONTHLY') return undefined;
    return `every month on the ${ordinal(Number(one))}${times}`;
  }
  if ('BYSETPOS' in rest) return undefined;
  if (BYDAY === undefined) return `${every} ${unit}${INTERVAL === '1' ? '' : 's'}${times}`;
  if (FREQ !== 'WEEKLY' && FREQ !== 'DAILY') return undefined;
  if (BYDAY === 'MO,TU,WE,TH,FR' && INTERVAL === '1') return `every weekday${times}`;
  const days = BYDAY.split(',').map((name) => dayNames[name]);
  if (days.includes(undefined)) return undefined;
  const list = days.join(' and ');
  return INTERVAL === '1' ? `every ${list}${times}` : `every ${INTERVAL} weeks on ${list}${times}`;
}

/** For the list: always some words. @param {string} rule */
export function sayRule(rule) {
  const words = ruleWords(rule);
  if (words) {
    const capitals = words.replace(
      /\b(mon|tues|wednes|thurs|fri|satur|sun)day/g,
      (day) => day[0]?.toUpperCase() + day.slice(1),
    );
    return capitals.replace(/ and (?=.* and )/g, ', ');
  }
  const unit = units[fields(rule)['FREQ'] ?? ''];
  return unit ? `repeats by the ${unit}` : 'repeats';
}

/** @param {string} rule @returns {Record<string, string>} */
function fields(rule) {
  return Object.fromEntries(rule.split(';').map((part) => /** @type {[string, string]} */ (part.split('='))));
}

/** @param {number} number */
function ordinal(number) {
  const ending = number % 100 > 10 && number % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${number}${ending}`;
}
