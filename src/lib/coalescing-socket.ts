import { Socket } from 'node:net';

/**
 * Sends what is written in one turn of the event loop together: a transaction's statements, which a driver writes one
 * by one, cost one system call of each side and not one each.
 */
export class CoalescingSocket extends Socket {
  #isCollecting = false;

  override write(...given: unknown[]): boolean {
    if (!this.#isCollecting) {
      this.#isCollecting = true;
      this.cork();
      process.nextTick(() => {
        this.#isCollecting = false;
        this.uncork();
      });
    }
    return super.write(...(given as Parameters<Socket['write']>));
  }
}
