import { wordSet } from './word-set.ts';

/**
 * What the verbs of commands act upon when they begin the title of a task: "move house" and "make the bed daily" are
 * to be done, "move the report" and "make the report daily" change a task that exists.
 */
const things: Readonly<Record<string, ReadonlySet<string>>> = {
  move: wordSet(
    `house home flat apartment flats office offices desk desks room rooms furniture sofa couch piano bed beds wardrobe
     fridge boxes box car van bike caravan money savings funds cash files photos pictures plants stuff things books
     clothes laundry bins server servers data website site blog accounts account domain domains in out away abroad`,
  ),
  push: wordSet(
    'code commit commits branch changes fix hotfix patch release build image tag tags ups pushups button pram',
  ),
  bring: wordSet(
    'cake wine beer food snacks drinks dessert salad laptop passport umbrella kids dog cash money keys gift',
  ),
  pull: wordSet('weeds weed data latest branch code trigger tooth ups pullups'),
  shift: wordSet('furniture boxes sofa gears car'),
  hold: wordSet(
    `meeting meetings session sessions workshop class classes interview interviews party vote election elections plank
     planks breath pose squat handstand call hearing retro retrospective standup review event seminar sale auction`,
  ),
  make: wordSet(
    `bed beds cake cakes dinner lunch lunches breakfast brunch supper food coffee tea bread soup salad pizza pasta jam
     cookies biscuits pancakes pie pies curry dessert smoothie smoothies juice yoghurt yogurt granola sandwiches snacks
     sauce stock broth dough sourdough porridge stew chili kimchi marmalade chutney pesto icecream playlist
     appointment appointments reservation reservations booking bookings call calls payment payments plan plans list
     lists video videos backup backups copy copies card cards poster posters flyer flyers costume costumes dress
     curtains candles soap money deposit decision decisions progress time space room sure up way slides presentation
     presentations deck website prototype model models budget menu invitations gift gifts present presents wreath
     table shelf donation donations love friends phone agenda notes offer changes draft`,
  ),
  set: wordSet(
    `alarm alarms timer timers table tables trap traps goal goals target targets up out aside meeting meetings
     appointment appointments call calls date dates reminder reminders thermostat heating clock clocks watch budget
     rules boundaries password passwords intention intentions records record fire`,
  ),
  put: wordSet(
    'bins bin washing laundry rubbish trash garbage recycling out up away down in on off kids baby tent ad money',
  ),
  give: wordSet('dog cat kids baby plants blood notice medicine meds pills bath'),
  delete: wordSet(
    `photos photo pictures emails email mails messages message files file folder folders app apps account accounts
     profile contacts contact history cookies cache data backups backup downloads videos recordings posts tweets code
     branch branches database records rows logs screenshots duplicates bookmarks songs music documents spam inbox`,
  ),
  rename: wordSet(
    `files folders photos pictures images documents pdfs branches variables columns tables channels playlists songs tracks
     scans screenshots videos recordings`,
  ),
  restore: wordSet(
    `database db backup backups system settings phone laptop pc computer server servers files file data photos photo table
     chair chairs furniture order access windows snapshot cluster image paint bike car fence website site house account email`,
  ),
  change: wordSet(
    `tyres tires tyre tire sheets bedding bed filter filters water oil nappy nappies diaper diapers bulb bulbs password
     passwords battery batteries clothes litter towels lock locks address bandage contacts strings sim bank`,
  ),
};

/** Whether a verb and what it acts upon are more likely the title of a task than a command for a task of that name. */
export function isThingToDo(verb: string, object: string): boolean {
  const known = Object.hasOwn(things, verb) ? things[verb] : undefined;
  const said = object.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  // Beyond that, no title is a thing.
  return (
    said.slice(0, 8).some((word) => known?.has(word) === true) ||
    /^(?:an?|some|more|new|another|\d+)\s+\S/i.test(object)
  );
}
