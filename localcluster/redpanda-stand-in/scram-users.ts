import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Answer } from './admin-api.ts';
import type { Address } from './redpanda-yaml.ts';

const users = '/v1/security/users';
const run = promisify(execFile);

interface NewUser {
  readonly username: string;
  readonly password: string;
  readonly algorithm: string;
}

/** The users of the admin API: SCRAM users of the Kafka beneath, whose own tool makes them. */
export class ScramUsers {
  readonly #java: readonly string[];
  readonly #bootstrapServer: string;

  constructor(java: readonly string[], { address, port }: Address) {
    this.#java = java;
    this.#bootstrapServer = `${address}:${port}`;
  }

  static isAbout(url: string): boolean {
    return url === users || url.startsWith(`${users}/`);
  }

  /** @throws {Error} when Kafka refuses it */
  async answer(method: string, url: string, body: unknown): Promise<Answer> {
    const name = decodeURIComponent(url.slice(users.length + 1));
    if (method === 'GET' && name === '') return [200, await this.#list()];
    if (method === 'POST' && name === '') return this.#create(body as NewUser);
    if (method === 'DELETE' && name !== '') {
      const mechanisms = 'SCRAM-SHA-256,SCRAM-SHA-512'.split(',');
      // Redpanda has one of them for each user; Kafka refuses to delete what is not there.
      const attempts = mechanisms.map((mechanism) => this.#alter(name, `--delete-config=${mechanism}`));
      await Promise.any(attempts);
      return [200, ''];
    }
    return [404, { message: 'Not found', code: 404 }];
  }

  async #list(): Promise<string[]> {
    const listed = await this.#tool('--describe', '--entity-type=users');
    return [...listed.matchAll(/^SCRAM credential configs for user-principal '(.*)' are /gm)].map(([, name]) => name!);
  }

  async #create({ username, password, algorithm }: NewUser): Promise<Answer> {
    if (!/^SCRAM-SHA-(256|512)$/.test(algorithm)) return [400, { message: 'Unknown scram algorithm', code: 400 }];
    if ((await this.#list()).includes(username)) return [400, { message: 'User already exists', code: 400 }];
    await this.#alter(username, `--add-config=${algorithm}=[password=${password}]`);
    return [200, ''];
  }

  #alter(name: string, change: string): Promise<string> {
    return this.#tool('--alter', '--entity-type=users', `--entity-name=${name}`, change);
  }

  async #tool(...args: readonly string[]): Promise<string> {
    const [program = '', ...options] = this.#java;
    const where = `--bootstrap-server=${this.#bootstrapServer}`;
    const { stdout } = await run(program, [...options, 'kafka.admin.ConfigCommand', where, ...args]);
    return stdout;
  }
}
