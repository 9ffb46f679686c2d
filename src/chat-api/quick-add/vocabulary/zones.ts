/** Time zones by the names that stand behind a time of day: an IANA name, or hours and minutes ahead of UTC. */
/** With which the names of time zones begin: "Europe/London". */
export const continents: ReadonlySet<string> = new Set(
  'africa america antarctica arctic asia atlantic australia europe indian pacific'.split(' '),
);

export const zoneAbbreviations: Readonly<Record<string, string>> = {
  utc: 'UTC',
  gmt: 'UTC',
  zulu: 'UTC',
  cet: '+01:00',
  cest: '+02:00',
  eet: '+02:00',
  eest: '+03:00',
  bst: '+01:00',
  est: '-05:00',
  edt: '-04:00',
  cst: '-06:00',
  cdt: '-05:00',
  mst: '-07:00',
  mdt: '-06:00',
  pst: '-08:00',
  pdt: '-07:00',
  akst: '-09:00',
  akdt: '-08:00',
  hst: '-10:00',
  msk: '+03:00',
  ist: '+05:30',
  sgt: '+08:00',
  hkt: '+08:00',
  jst: '+09:00',
  kst: '+09:00',
  aest: '+10:00',
  aedt: '+11:00',
  nzst: '+12:00',
  nzdt: '+13:00',
};

/** What some of them mean elsewhere, so that the answer says which one was taken. */
export const sharedAbbreviations: ReadonlySet<string> = new Set(['bst', 'cst', 'ist']);

/** In capitals only: "3pm PT". */
export const zoneInitials: Readonly<Record<string, string>> = {
  ET: 'America/New_York',
  CT: 'America/Chicago',
  MT: 'America/Denver',
  PT: 'America/Los_Angeles',
};

/** "3pm Eastern", "3pm pacific time" */
export const zoneRegions: Readonly<Record<string, string>> = {
  eastern: 'America/New_York',
  central: 'America/Chicago',
  mountain: 'America/Denver',
  pacific: 'America/Los_Angeles',
};

const cities = Intl.supportedValuesOf('timeZone').map((zone) => {
  const city = zone.slice(zone.lastIndexOf('/') + 1);
  return [city.replaceAll('_', ' ').toLowerCase(), zone] as const;
});

/** Before "time": "9am Berlin time". */
export const zonePlaces: Readonly<Record<string, string>> = {
  ...Object.fromEntries(cities),
  uk: 'Europe/London',
  british: 'Europe/London',
  german: 'Europe/Berlin',
  munich: 'Europe/Berlin',
  frankfurt: 'Europe/Berlin',
  french: 'Europe/Paris',
  barcelona: 'Europe/Madrid',
  milan: 'Europe/Rome',
  geneva: 'Europe/Zurich',
  indian: 'Asia/Kolkata',
  mumbai: 'Asia/Kolkata',
  delhi: 'Asia/Kolkata',
  bangalore: 'Asia/Kolkata',
  beijing: 'Asia/Shanghai',
  japan: 'Asia/Tokyo',
  'san francisco': 'America/Los_Angeles',
  california: 'America/Los_Angeles',
  seattle: 'America/Los_Angeles',
  boston: 'America/New_York',
  washington: 'America/New_York',
  miami: 'America/New_York',
};
