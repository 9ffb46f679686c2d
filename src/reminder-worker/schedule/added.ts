import { ChannelListener, type ChannelListenerOptions } from '../../lib/channel-listener.ts';
import type { Wakeup } from '../../lib/wakeup.ts';
import { addedChannel } from './reminders.ts';

export type AddedOptions = Pick<ChannelListenerOptions, 'database' | 'clock' | 'logger'> & { readonly wakeup: Wakeup };

/** Hears of the reminders that other workers add, and wakes the due loop for them. */
export function listenForAdded({ wakeup, ...options }: AddedOptions): ChannelListener {
  return new ChannelListener({
    ...options,
    channel: addedChannel,
    // For what was added before.
    onListening: () => wakeup.wake(),
    onNotification: (fireAt) => wakeup.wake(new Date(Number(fireAt))),
  });
}
