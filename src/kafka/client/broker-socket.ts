import type { Socket } from 'node:net';
import createSocketFactory, { type Destination } from 'kafkajs/src/network/socketFactory.js';
import { ExpectedError, toError } from '../../lib/errors.ts';
import type { KafkaErrorCode } from '../errors.ts';
import { AnswerBudget } from './answer-budget.ts';
import { AnswerReader } from './answer-reader.ts';

/** How much brokers may answer. */
export interface AnswerLimits {
  /** Of one answer, in bytes. */
  readonly bytes: number;
  /** Of all answers of the connections that share it which have not come whole. */
  readonly budget: AnswerBudget;
}

const mebibyte = 2 ** 20;
/** The largest answer, in bytes: the metadata of more than half a million partitions, and more than any fetch asks for. */
export const largestAnswer = 32 * mebibyte;
const unfinishedAnswers = 96 * mebibyte;

/** Makes the sockets of a client of kafkajs. */
export function createBrokerSockets(limits: Partial<AnswerLimits> = {}): (destination: Destination) => BrokerSocket {
  const open = createSocketFactory();
  const all = { bytes: largestAnswer, budget: new AnswerBudget(unfinishedAnswers), ...limits };
  return (destination) => new BrokerSocket(open(destination), `${destination.host}:${destination.port}`, all);
}

/**
 * A socket as kafkajs uses it. kafkajs keeps whatever a broker sends until as much is there as was announced, lets the
 * process crash when that is too little to be an answer, and puts the rest of an ended connection before the next one's
 * first answer. So it is given whole answers only, of a size that we want to wait for.
 */
export class BrokerSocket {
  readonly #socket: Socket;
  readonly #broker: string;
  readonly #limits: AnswerLimits;
  readonly #reader = new AnswerReader((bytes) => this.#checkSize(bytes));

  constructor(socket: Socket, broker: string, limits: AnswerLimits) {
    this.#socket = socket;
    this.#broker = broker;
    this.#limits = limits;
    // kafkajs keeps sockets that are closed.
    socket.on('close', () => this.#forget());
  }

  on(event: string, listener: (data: Buffer) => void): this {
    this.#socket.on(event, event === 'data' ? (bytes: Buffer) => this.#read(bytes, listener) : listener);
    return this;
  }

  write(data: Buffer, encoding: BufferEncoding): boolean {
    return this.#socket.write(data, encoding);
  }

  /** kafkajs ends a connection when it waits for no answer any more. A broker that does not end its side is left, too. */
  end(): void {
    this.#socket.destroy();
  }

  unref(): void {
    this.#socket.unref();
  }

  giveUp(): void {
    this.#forget();
    this.#socket.destroy(tooLarge(`Brokers send more at once than is accepted of all; of ${this.#broker} the most`));
  }

  #forget(): void {
    this.#reader.forget();
    this.#limits.budget.hold(this, 0);
  }

  #read(bytes: Buffer, listener: (answer: Buffer) => void): void {
    try {
      for (const answer of this.#reader.take(bytes)) listener(answer);
      if (!this.#socket.destroyed) this.#limits.budget.hold(this, this.#reader.held);
    } catch (error) {
      this.#socket.destroy(toError(error));
    }
  }

  #checkSize(bytes: number): void {
    if (bytes < 0) throw new RangeError('The size of its answer is negative');
    if (bytes <= this.#limits.bytes) return;
    if (isTls(bytes)) throw speaksTls(this.#broker);
    const [announced, most] = [bytes, this.#limits.bytes].map((size) => `${Math.round(size / mebibyte)} MiB`);
    throw tooLarge(
      `${this.#broker} announced an answer of ${announced}; at most ${most} are accepted. A server that is no Kafka broker can cause this`,
    );
  }
}

/** Whether a record of TLS was taken for a size: an alert or a handshake, and the major version 3. */
const isTls = (size: number) => [0x1503, 0x1603].includes(size >>> 16);

const speaksTls = (broker: string) =>
  new ExpectedError<KafkaErrorCode>('BrokerUnreachable', `${broker} speaks TLS, and the connection to it has none`, {
    retryable: true,
  });

const tooLarge = (message: string) => new ExpectedError<KafkaErrorCode>('AnswerTooLarge', message, { retryable: true });
