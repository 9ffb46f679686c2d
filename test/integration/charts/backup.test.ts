import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { postgresClientPrograms, postgresClients } from '../../../localcluster/artifacts/python-packages.ts';
import { ensure } from '../../../localcluster/cache.ts';
import { startPostgres, type Postgres } from '../../../localcluster/parts/postgres.ts';
import { readSettings } from '../../../localcluster/settings.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { MemoryPublisher, startChatApi } from '../../support/chat-api.ts';

let postgres: Postgres;
let uri: string;
let folder: string;
let path: string;

beforeAll(async () => {
  const [clients, server] = await Promise.all([ensure(readSettings(), postgresClients), startPostgres()]);
  postgres = server;
  path = [join(clients, postgresClientPrograms), process.env['PATH']].join(delimiter);
  uri = await postgres.createDatabase();
  folder = await mkdtemp(join(tmpdir(), 'backups-'));
});
afterAll(async () => {
  await postgres?.stop();
  if (folder) await rm(folder, { recursive: true });
});

/** As the chart's CronJobs run it: charts/kafka-events/templates/postgresql-backup.yaml. */
const run = (program: 'backup' | 'restore', settings: Record<string, string> = {}) =>
  execa('sh', [join('charts/kafka-events/files', `${program}.sh`)], {
    env: { PATH: path, DATABASE_URI: uri, FOLDER: folder, KEEP: '7', ...settings },
  });
const dumps = async () => (await readdir(folder)).toSorted();

/** What somebody sees of the tasks in the database, and may add to them. */
async function throughTheApi(newTitle?: string): Promise<string[]> {
  const api = await startChatApi(uri, new MemoryPublisher());
  try {
    if (newTitle !== undefined) await api.ask('/v1/tasks', { method: 'POST', body: { title: newTitle } });
    const { body } = await api.ask('/v1/tasks');
    return (body as { items: { title: string }[] }).items.map(({ title }) => title).toSorted();
  } finally {
    await api.stop();
  }
}

describe('backups of the database', () => {
  it('bring back what was there, and nothing that came after', async () => {
    expect(await throughTheApi('Before')).toEqual(['Before']);
    const { stdout } = await run('backup');
    expect(stdout).toMatch(/\.dump: \d+ bytes$/);
    expect(await throughTheApi('After')).toEqual(['After', 'Before']);
    await run('restore');
    expect(await throughTheApi()).toEqual(['Before']);
  });

  it('are kept up to a number, the newest of them, without what was cut off', async () => {
    for (const name of ['2020-01-01T00-00-00Z.dump', '2021-01-01T00-00-00Z.dump', 'cut.dump.partial', 'notes.txt']) {
      await writeFile(join(folder, name), 'old');
    }
    const [newest] = (await dumps()).filter((name) => name.startsWith('2') && name > '2022').toReversed();
    // A second later, or the new one would have the name of the first.
    while (newest!.startsWith(new Date().toISOString().slice(0, 19).replaceAll(':', '-'))) {
      await systemClock.sleep(100, new AbortController().signal);
    }
    await run('backup', { KEEP: '2' });
    const left = await dumps();
    expect(left).toHaveLength(3);
    expect(left).toContain(newest);
    expect(left).toContain('notes.txt');
  });

  it('that cannot be restored change nothing', async () => {
    await writeFile(join(folder, '2999-01-01T00-00-00Z.dump'), 'no dump');
    await expect(run('restore')).rejects.toThrow(/does not appear to be a valid archive|too short/);
    await expect(run('restore', { RESTORE_FILE: 'none.dump' })).rejects.toThrow(/There is no dump none.dump/);
    expect(await throughTheApi()).toEqual(['Before']);
  });

  it('that fail leave no dump, and keep those that are there', async () => {
    const before = await dumps();
    await expect(run('backup', { DATABASE_URI: uri.replace(/[^/]+$/, 'none') })).rejects.toThrow(/does not exist/);
    expect((await dumps()).filter((name) => name.endsWith('.dump'))).toEqual(
      before.filter((name) => name.endsWith('.dump')),
    );
  });
});
