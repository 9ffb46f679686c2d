import { createGuardedFolder } from './guard.ts';
import type { Part } from './part.ts';
import { reservePorts } from './ports.ts';

/** Where parts that belong together live: a folder and ports that nobody else has. */
export interface Place {
  readonly folder: string;
  /** On 127.0.0.1. */
  readonly ports: readonly number[];
  /** No longer keeps this process from ending by itself. */
  unref(): void;
  /** Ends the parts, all at once and unasked: their data goes with the folder. */
  leave(parts: readonly Part[]): Promise<void>;
}

export async function findPlace(name: string, portCount: number): Promise<Place> {
  const reservation = await reservePorts(portCount);
  const folder = await createGuardedFolder(name);
  return {
    folder: folder.path,
    ports: reservation.ports,
    unref: () => {
      reservation.unref();
      folder.unref();
    },
    leave: async (parts) => {
      await Promise.all(parts.map((part) => part.kill()));
      await folder.remove();
      await reservation.release();
    },
  };
}

/** Starts what lives in a place, or leaves the place as if nothing had been. */
export async function startIn<T>(place: Place, parts: readonly Part[], start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    await place.leave(parts);
    throw error;
  }
}
