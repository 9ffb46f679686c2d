import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DockerfileError, readDockerfile } from '../../../../localcluster/images/dockerfile.ts';

const read = (text: string) => readDockerfile(text, 'Dockerfile');

describe('readDockerfile', () => {
  it('reads every instruction that the images use', () => {
    const text = `# a comment
FROM scratch
COPY base/ /
COPY --chown=65532:65533 data/ /var/lib/data/
ENV PATH=/bin:/usr/bin GREETING="hello world"
LABEL one=1 two="second label"
WORKDIR /app
USER 65532:65532
EXPOSE 8080 53/udp
VOLUME ["/var/lib/data"]
STOPSIGNAL SIGINT
ENTRYPOINT ["node", \\
  "--enable-source-maps"]
CMD ["main.js", "a \\"quoted\\" word"]
`;
    expect(read(text)).toEqual({
      copies: [
        { line: 3, source: 'base', destination: '', owner: { user: 0, group: 0 } },
        { line: 4, source: 'data', destination: '/var/lib/data', owner: { user: 65532, group: 65533 } },
      ],
      configuration: {
        Env: ['PATH=/bin:/usr/bin', 'GREETING=hello world'],
        Labels: { one: '1', two: 'second label' },
        WorkingDir: '/app',
        User: '65532:65532',
        ExposedPorts: { '8080/tcp': {}, '53/udp': {} },
        Volumes: { '/var/lib/data': {} },
        StopSignal: 'SIGINT',
        Entrypoint: ['node', '--enable-source-maps'],
        Cmd: ['main.js', 'a "quoted" word'],
      },
    });
  });

  it.each([
    ['RUN apt-get update', 'RUN is not supported'],
    ['ADD base/ /', 'ADD is not supported'],
    ['ARG VERSION=1', 'ARG is not supported'],
    ['HEALTHCHECK NONE', 'HEALTHCHECK is not supported'],
    ['FROM scratch', 'FROM is not supported'],
    ['ENTRYPOINT node main.js', 'ENTRYPOINT takes a JSON list'],
    ['CMD []', 'CMD takes a JSON list'],
    ['CMD ["a", 1]', 'CMD takes a JSON list'],
    ['ENV NAME value', 'ENV takes NAME=value'],
    ['ENV PATH=/opt/bin:$PATH', 'has a variable'],
    ['WORKDIR app', 'takes an absolute path'],
    ['USER a b', 'USER takes one word'],
    ['COPY base/ /a/ /b/', 'COPY takes one folder'],
    ['COPY ../secrets/ /', 'COPY takes a folder of the build context'],
    ['COPY file /', 'COPY takes a folder of the build context'],
    ['COPY base/ opt/', 'COPY copies to an absolute path'],
    ['COPY base/ /opt', 'COPY copies to an absolute path'],
    ['COPY --from=other base/ /', 'COPY --from is not supported'],
    ['COPY --chown=node:node base/ /', 'COPY --chown takes numbers'],
  ])('refuses %s, and names its line', (instruction, problem) => {
    const reading = () => read(`FROM scratch\n\n${instruction}\n`);
    expect(reading).toThrow(DockerfileError);
    expect(reading).toThrow(/^Dockerfile:3: /);
    expect(reading).toThrow(problem);
  });

  it.each(['', '# only a comment\n'])('refuses a file without instructions', (text) => {
    expect(() => read(text)).toThrow('Dockerfile:1: there is no instruction');
  });

  it.each(['FROM debian:12', 'FROM scratch AS base', 'USER 1'])('refuses to begin with %s', (instruction) => {
    expect(() => read(instruction)).toThrow('Dockerfile:1: it has to begin with FROM scratch');
  });

  it('reads a command just as it was written, whatever is in it', () => {
    const command = fc.array(
      fc.string().filter((text) => !text.includes('$')),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(command, (strings) => {
        const { configuration } = read(`FROM scratch\nCMD ${JSON.stringify(strings)}\n`);
        expect(configuration.Cmd).toEqual(strings);
      }),
    );
  });

  it('never fails but with a DockerfileError', () => {
    const line = fc.oneof(
      fc.string(),
      fc
        .constantFrom('COPY', 'ENV', 'CMD', 'LABEL', 'USER')
        .chain((keyword) => fc.string().map((rest) => `${keyword} ${rest}`)),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        try {
          read(['FROM scratch', ...lines].join('\n'));
        } catch (error) {
          expect(error).toBeInstanceOf(DockerfileError);
        }
      }),
    );
  });

  it.each(['pause', 'coredns', 'kafka', 'kafka-events', 'postgres'])('reads the Dockerfile of %s', (image) => {
    const file = join(import.meta.dirname, '../../../../localcluster/images', image, 'Dockerfile');
    const { copies, configuration } = readDockerfile(readFileSync(file, 'utf8'), file);
    expect(copies.length).toBeGreaterThan(0);
    expect(configuration.User).toBe('65532:65532');
    expect(configuration.Entrypoint).toHaveLength(1);
  });
});
