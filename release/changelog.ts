/**
 * The section of one version.
 *
 * @throws {Error} when the changelog has none
 */
export function changesOf(changelog: string, version: string): string {
  const sections = changelog.split(/^(?=## )/m).slice(1);
  const section = sections.find((each) => each.startsWith(`## [${version}]`));
  if (section === undefined) throw new Error(`CHANGELOG.md has no section "## [${version}]"`);
  return section.slice(section.indexOf('\n') + 1).trim() + '\n';
}
