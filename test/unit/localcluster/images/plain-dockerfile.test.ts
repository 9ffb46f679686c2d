import { describe, expect, it } from '@jest/globals';
import { DockerfileParser } from 'dockerfile-ast';
import { existsSync, readFileSync } from 'node:fs';
import { kafkaEventsImage } from '../../../../localcluster/images/kafka-events/image.ts';
import { readDockerfile } from '../../../../localcluster/images/dockerfile.ts';
import { projectVersion } from '../../../../localcluster/artifacts/npm-packages.ts';

const text = readFileSync('Dockerfile', 'utf8');
const instructions = DockerfileParser.parse(text)
  .getInstructions()
  .map((instruction) => {
    const name = instruction.getInstruction();
    // With its flags, which count as no arguments.
    return { name, argument: instruction.getTextContent().slice(name.length).trim() };
  });
const lastFrom = instructions.findLastIndex(({ name }) => name === 'FROM');
const [early, last] = [instructions.slice(0, lastFrom), instructions.slice(lastFrom)];
const argumentsOf = (list: typeof instructions, name: string) =>
  list.filter((instruction) => instruction.name === name).map(({ argument }) => argument);

const ours = readDockerfile(
  readFileSync('localcluster/images/kafka-events/Dockerfile', 'utf8'),
  'localcluster/images/kafka-events/Dockerfile',
);

describe('the Dockerfile at the root', () => {
  it('runs the same program in the same way as the image that is built without Docker', () => {
    const { Env = [], Entrypoint, User, WorkingDir, Labels = {} } = ours.configuration;
    expect(argumentsOf(last, 'ENV').flatMap((argument) => argument.split(' '))).toEqual(Env);
    expect(argumentsOf(last, 'ENTRYPOINT').map((argument) => JSON.parse(argument) as unknown)).toEqual([Entrypoint]);
    expect(argumentsOf(last, 'USER')).toEqual([User]);
    expect(argumentsOf(last, 'WORKDIR')).toEqual([WorkingDir]);
    const labels = argumentsOf(last, 'LABEL').join(' ');
    for (const [name, value] of Object.entries(Labels)) expect(labels).toContain(`${name}="${value}"`);
    for (const name of ['version', 'revision', 'source']) expect(labels).toContain(`org.opencontainers.image.${name}=`);
  });

  it('has the same folders in it: Node, the packages, the programs', () => {
    expect(kafkaEventsImage.layers.map(({ name }) => name)).toEqual(['base', 'node', 'dependencies', 'application']);
    expect(argumentsOf(last, 'COPY')).toEqual([
      '--from=build /usr/local/bin/node /usr/local/bin/node',
      '--from=dependencies /build/node_modules/ /app/node_modules/',
      '--from=build /build/dist/ /app/dist/',
      'package.json /app/',
    ]);
    expect(argumentsOf(early, 'RUN').filter((command) => command.startsWith('npm ci'))).toEqual([
      expect.not.stringContaining('--omit=dev'),
      expect.stringContaining('--omit=dev --ignore-scripts'),
    ]);
  });

  it('takes the Node and the version that the project is at', () => {
    const bases = argumentsOf(early, 'FROM').map((argument) => argument.split(' ')[0]);
    expect(new Set(bases)).toEqual(new Set([`node:${process.version.slice(1)}-bookworm-slim`]));
    expect(argumentsOf(last, 'ARG')).toContain(`VERSION=${projectVersion()}`);
  });

  it('may read whatever it copies, and nothing else', () => {
    const sources = instructions
      .filter(({ name, argument }) => name === 'COPY' && !argument.startsWith('--from'))
      .flatMap(({ argument }) => argument.split(' ').slice(0, -1))
      .map((path) => path.replace(/\/$/, ''));
    const allowed = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'));
    expect(new Set(allowed)).toEqual(new Set(sources.map((path) => `!${path}`)));
    for (const path of sources) expect({ path, exists: existsSync(path) }).toEqual({ path, exists: true });
  });
});
