import { AddressRules } from '../../lib/address-rules.ts';

/** Where messages may be sent: the address comes from a client. */
export interface PushNetwork {
  isEndpoint(text: string): boolean;
  readonly rules: AddressRules;
}

/** The push services of Chrome, Firefox, Safari and Edge, and of those that are built on them; and their subdomains. */
const pushServices = ['fcm.googleapis.com', 'push.services.mozilla.com', 'push.apple.com', 'notify.windows.com'];

/** Known push services at public addresses: nobody else is ever asked. */
export const publicPushNetwork: PushNetwork = { isEndpoint: isPushEndpoint, rules: new AddressRules([]) };

function isPushEndpoint(text: string): boolean {
  const url = URL.parse(text);
  if (!url || url.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.port !== '') return false;
  return pushServices.some((service) => url.hostname === service || url.hostname.endsWith(`.${service}`));
}
