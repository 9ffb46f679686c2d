import { WorkingText } from '../working-text.ts';
import { isImperative } from './clause-words.ts';

/** "add salt to the dishwasher" is to be done as it stands; "add a trip to the zoo", "add call Bob to the list" are not. */
export function addsToThing(prefix: string, asked: string): boolean {
  if (!/^add\s+$/i.test(prefix)) return false;
  const [, first = '', thing = ''] = addition.exec(new WorkingText(asked.slice(prefix.length)).visible) ?? [];
  return thing !== '' && !isImperative(first.toLowerCase()) && !goesSomewhere.test(thing);
}

const addition =
  /^(?:(?:the|some|more|an?|my|our|new|fresh|\d+)\s+)*((?:[\p{L}-]+\s+){0,2}?([\p{L}-]+))\s+(?:to|into)\s+(?:the|my|our)\s+(?!.*\b(?:lists?|calendar|agenda|schedule|tasks?|to-?dos?|notes?|plan|diary)\b)\S/iu;
/** Nouns that go, or are said, to somebody or somewhere. */
const goesSomewhere =
  /^(?:trips?|visits?|walks?|drives?|flights?|rides?|ways?|journey|travel|run|letters?|e?mails?|calls?|messages?|notes?|reply|answers?|invitations?|tickets?|introduction|response|applications?|presents?|gifts?|report|move|transfer|delivery|payments?|cards?|taxi|bus|train|transport|appointments?)$/i;
